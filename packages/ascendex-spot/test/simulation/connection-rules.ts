import type { ConnectorEvent } from '@venuekit/connector-core';
import { ConnectionStory } from '../models/connection-story.ts';
import { GapBounds, type Manner } from '../models/gap-bounds.ts';
import type { AnyEvent, FeedContext, FeedRules } from './feed-rules.ts';

/** What a consumer of the connector's events is told, and what it finds when it is told of an end. */
export class ConnectionRules implements FeedRules {
  readonly #context: FeedContext;
  readonly #bounds: GapBounds;
  readonly #story: ConnectionStory;

  constructor(context: FeedContext) {
    const { judge, localNow, wire } = context;
    this.#context = context;
    this.#bounds = new GapBounds(wire);
    this.#story = new ConnectionStory(
      (message) => judge.violate('I14', `connection: ${message}`),
      this.#bounds,
      localNow,
    );
  }

  take(event: AnyEvent, manner: Manner): void {
    const isLoss = event.kind === 'connection' && event.state !== 'live';
    if (isLoss && event.state === 'down') this.#context.judge.count('connection lost');
    this.#story.take(event as ConnectorEvent, manner);
    if (isLoss && manner === 'told') this.#expectNothingLive(event.state);
  }

  arriving(): void {
    if (this.#context.connector.state === 'live') this.#bounds.good(true);
  }

  arrived(): void {
    this.arriving();
  }

  settle(): void {}

  isFresh(): boolean {
    return true;
  }

  /** Whoever hears that the connection is gone finds no live book, and no ticker from before. */
  #expectNothingLive(state: string): void {
    const { handles, judge } = this.#context;
    for (const { handle, usesBook, usesTicker } of handles()) {
      const { pair } = handle;
      if (usesBook && handle.book.read().state === 'live')
        judge.violate('I6', `${pair}: expected no live book when ${state} is told, got one`);
      if (!usesTicker) continue;
      let told = 0;
      const hear = ({ kind }: { readonly kind: string }) => {
        if (kind === 'ticker') told += 1;
      };
      handle.ticker.subscribe(hear)[Symbol.dispose]();
      if (told > 0) judge.violate('I14', `epoch: ${pair}: expected no ticker when ${state} is told, got one`);
    }
  }
}
