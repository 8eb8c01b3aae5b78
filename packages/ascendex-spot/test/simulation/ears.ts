import type { MarketHandle } from '@venuekit/connector-core';
import type { WireFrame } from '../models/wire-log.ts';
import { BookRules } from './book-rules.ts';
import type { CallWatch } from './call-watch.ts';
import type { FeedContext, FeedRules } from './feed-rules.ts';
import { judgedFeed } from './feed-use.ts';
import type { OpenHandle } from './open-handle.ts';
import { readFeed } from './reading.ts';

/** What listening takes. */
export interface EarsOptions extends FeedContext {
  readonly calls: CallWatch;
  readonly isClosing: () => boolean;
  readonly closeHandle: (handle: MarketHandle) => void;
  /** A listener is called for the nth time, and may ask anything of the connector. */
  readonly meddle: (handle: MarketHandle, feedName: string, heard: number) => void;
}

/** Somebody who hears a feed, or reads it as soon as there is anything. */
interface Ear {
  readonly rules: FeedRules;
  readonly name: string;
  readonly open: OpenHandle;
  readonly isReader: boolean;
  readonly sinceMs: number;
}

/** How long somebody listens, and a connection is up, before nothing told is too little. */
const quietMs = 40_000;

/** Everybody who listens to one connector. */
export class Ears {
  readonly #options: EarsOptions;
  readonly #ears = new Set<Ear>();
  /** Pairs whose trades somebody has heard since the pair was opened. */
  readonly #heard = new Set<string>();
  #liveConnection = 0;
  #liveSinceMs = 0;
  #isUnsettled = false;

  constructor(options: EarsOptions) {
    this.#options = options;
  }

  /** A pair that nobody has open is being opened. */
  opening(pair: string): void {
    this.#heard.delete(pair);
  }

  /** Hears a feed of a handle. */
  listen(open: OpenHandle, feedName: string, manner: string): void {
    const { calls, closeHandle, judge, meddle } = this.#options;
    const { handle } = open;
    if (manner === 'throwing') this.#listenAndThrow(open, feedName);
    const { feed, rules } = this.#judged(open, feedName);
    let opening = true;
    let heard = 0;
    const ear = this.#ear(open, feedName, rules, false);
    const leave = () => {
      this.#ears.delete(ear);
      subscription?.[Symbol.dispose]();
    };
    let left = false;
    const hear = (event: Parameters<FeedRules['take']>[0]) => {
      if (left)
        judge.violate('I14', `${handle.pair} ${feedName}: expected nothing after dispose, got ${event.kind}`);
      if (!opening && !this.#hears(ear))
        judge.violate(
          'I14',
          `${handle.pair} ${feedName}: expected nothing of a closed handle, got ${event.kind}`,
        );
      heard += 1;
      rules.take(event, opening ? 'opening' : 'told');
      if (manner === 'once' && !opening) {
        left = true;
        leave();
      }
      if (manner === 'closing' && heard === 3) closeHandle(handle);
      if (manner === 'meddling') meddle(handle, feedName, heard);
    };
    const onEnd = () => this.#ears.delete(ear);
    const subscription = calls.now(`listen ${feedName}`, () => feed.subscribe(hear, { onEnd }));
    opening = false;
    if (this.#ears.has(ear)) rules.settle();
  }

  /** Reads a feed of a handle. */
  async read(open: OpenHandle, feedName: string, manner: string): Promise<void> {
    const { calls, isClosing, judge } = this.#options;
    const { feed, rules } = this.#judged(open, feedName);
    const ear = manner === 'slow' ? undefined : this.#ear(open, feedName, rules, true);
    await readFeed({ calls, feed, feedName, isClosing, judge, manner, rules });
    if (ear !== undefined) this.#ears.delete(ear);
  }

  /** A frame of the connection in use arrived and is about to be handled. */
  arriving(frame: WireFrame): void {
    for (const ear of this.#ears) if (this.#hears(ear)) ear.rules.arriving(frame);
  }

  /** It was handled. */
  arrived(frame: WireFrame): void {
    this.#isUnsettled = true;
    if (frame.connection !== this.#liveConnection) {
      this.#liveConnection = frame.connection;
      this.#liveSinceMs = this.#options.judge.now();
    }
    for (const ear of this.#ears) {
      if (!this.#hears(ear)) continue;
      ear.rules.arrived(frame);
      if (!ear.isReader) ear.rules.settle();
    }
  }

  /** Whoever reads has read by now what arrived. */
  check(): void {
    if (!this.#isUnsettled) return;
    this.#isUnsettled = false;
    for (const ear of this.#ears) if (ear.isReader && this.#hears(ear)) ear.rules.settle();
  }

  /** Gaps that each listener of a book has heard. */
  bookGaps(pair: string): ReadonlyMap<object, number> {
    const gaps = new Map<object, number>();
    for (const ear of this.#ears) {
      const { isReader, open, rules } = ear;
      const isOurs = rules instanceof BookRules && open.handle.pair === pair && !isReader;
      if (isOurs && this.#hears(ear)) gaps.set(ear, rules.gaps);
    }
    return gaps;
  }

  /** In the end everybody was told something of the connection that is live. */
  checkEnd(): void {
    const { judge } = this.#options;
    for (const ear of this.#ears) {
      const { name, open, rules, sinceMs } = ear;
      const forMs = judge.now() - Math.max(sinceMs, this.#liveSinceMs);
      if (!this.#hears(ear) || forMs < quietMs) continue;
      if (rules.isFresh(this.#liveConnection)) judge.count('told something in the end');
      else judge.violate('recovery', `expected ${open.handle.pair} ${name} to be told anew, got nothing`);
    }
  }

  #hears({ name, open }: Ear): boolean {
    return name === 'connection' || this.#options.handles().includes(open);
  }

  #ear(open: OpenHandle, name: string, rules: FeedRules, isReader: boolean): Ear {
    const ear = { open, name, rules, isReader, sinceMs: this.#options.judge.now() };
    this.#ears.add(ear);
    return ear;
  }

  #judged(open: OpenHandle, feedName: string): ReturnType<typeof judgedFeed> {
    const { wire } = this.#options;
    const { handle, openedAt, streams } = open;
    if (feedName === 'ticker') open.usesTicker = true;
    const isFirst = feedName === 'trades' && !this.#heard.has(handle.pair);
    if (feedName === 'trades') this.#heard.add(handle.pair);
    const confirmed = wire.confirmed('trades', handle.pair);
    const isCovered =
      isFirst && streams.includes('trades') && confirmed?.connection === wire.newest.connection;
    const from = isCovered && openedAt.frame > confirmed.frame ? openedAt : confirmed;
    return judgedFeed(feedName, open, this.#options, isCovered ? from : undefined);
  }

  /** A listener that throws is alone with that: the one behind it hears as much. What each is told on arrival is its own affair. */
  #listenAndThrow(open: OpenHandle, feedName: string): void {
    const { feed } = this.#judged(open, feedName);
    const { calls, judge } = this.#options;
    let [opening, thrown, heard] = [true, 0, 0];
    const hearAndThrow = () => {
      if (thrown !== heard)
        judge.violate(
          'I12',
          `${feedName}: expected ${thrown} events behind a listener that throws, got ${heard}`,
        );
      if (!opening) thrown += 1;
      judge.count('listener threw');
      throw new Error('a listener of the simulation throws');
    };
    const hear = () => {
      if (!opening) heard += 1;
    };
    calls.now(`listen ${feedName}`, () => feed.subscribe(hearAndThrow));
    calls.now(`listen ${feedName}`, () => feed.subscribe(hear));
    opening = false;
  }
}
