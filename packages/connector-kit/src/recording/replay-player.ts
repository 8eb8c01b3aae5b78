import type { ReadItem, RecordedClosing, RecordedEnding, TornEnd } from './recorded-item.ts';
import { toNanoseconds } from './recorded-time.ts';
import type { ReplayAnswers } from './replay-answers.ts';
import type { ReplayDials } from './replay-dials.ts';
import type { ReplaySocket } from './replay-socket.ts';
import type { ReplayClock, ReplayTime } from './replay-time.ts';

/** How far a replay is. */
export interface ReplayProgress {
  /** Recorded connections that were played, or are being played. */
  readonly connections: number;
  /** Frames that the client was given. */
  readonly frames: number;
  /** Frames of a connection that the client had left before its recorded end. */
  readonly skippedFrames: number;
  /** Requests that got an answer. */
  readonly answers: number;
  /** How the recording breaks off; `undefined` if it does not, or the place has not come. */
  readonly torn: TornEnd | undefined;
}

/** What a player is made of. */
export interface PlayerParts {
  /** From 0. */
  readonly lane: number;
  readonly items: AsyncIterator<ReadItem> | Iterator<ReadItem>;
  readonly time: ReplayTime;
  readonly dials: ReplayDials;
  readonly clock: ReplayClock;
  readonly answers: ReplayAnswers;
  readonly adapt: (frame: string) => string;
}

/** A recorded connection that is being played. */
interface Link {
  readonly socket: ReplaySocket;
  /** Recorded time of its opening in microseconds, and the time of the replay then. */
  readonly opened: number;
  readonly openedAtUs: number;
}

/** Plays the items of a recording one after the other, each at its place. */
export class ReplayPlayer {
  readonly #parts: PlayerParts;
  readonly #counts = { connections: 0, frames: 0, skippedFrames: 0 };
  #torn: TornEnd | undefined;
  #link: Link | undefined;
  /** The socket that the next connection is for, until its time has come. */
  #dialled: ReplaySocket | undefined;
  /** A socket whose recorded client left, until it is known whether another connection follows. */
  #left: ReplaySocket | undefined;
  /** Ends the present wait early. */
  #wake: () => void = () => {};
  /** Settles when the recording was read, while it is: no time may pass until then. */
  reading: Promise<unknown> | undefined;
  /** True once everything was played. */
  isFinished = false;
  /** What went wrong; nothing is played any more then. */
  failure: { readonly error: unknown } | undefined;

  constructor(parts: PlayerParts) {
    this.#parts = parts;
  }

  /** What this lane has come to. */
  get progress(): Omit<ReplayProgress, 'answers'> {
    return { ...this.#counts, torn: this.#torn };
  }

  /** The client has left a socket: what was recorded on it later is passed over. */
  left(socket: ReplaySocket): void {
    if (this.#link?.socket === socket || this.#dialled === socket) this.#wake();
  }

  /** Plays everything. Never rejects: see `failure`. */
  async play(first: ReadItem | undefined): Promise<void> {
    try {
      for (let item = first; item !== undefined; item = await this.#next()) {
        await this.#act(item);
        this.#parts.time.changed();
      }
      this.#unlink();
      this.isFinished = true;
    } catch (error) {
      this.reading = undefined;
      this.failure = { error };
    }
    this.#parts.time.changed();
  }

  async #next(): Promise<ReadItem | undefined> {
    const reading = this.#parts.items.next();
    this.reading = Promise.resolve(reading).catch(() => undefined);
    const { done, value } = await reading;
    this.reading = undefined;
    return done === true ? undefined : value;
  }

  async #act(item: ReadItem): Promise<void> {
    switch (item.kind) {
      case 'connect':
        // Without a marked end, another opening says nothing.
        if (this.#link === undefined) await this.#open(item.time);
        return;
      case 'received':
        return this.#deliver(this.#link ?? (await this.#open(item.time)), item.time, item.text);
      case 'answer':
        if (this.#link !== undefined) await this.#reach(this.#link, item.time);
        return this.#parts.answers.add(item.url, item.text);
      case 'end':
        return this.#end(item);
      case 'torn':
        this.#torn = item;
        return;
      case 'sent':
        return;
    }
  }

  /** The wall clock shows the recorded time from here on, so that what is received has the time at which it was. */
  async #open(time: string): Promise<Link> {
    this.#left?.end(1_000);
    this.#left = undefined;
    const opened = toMicroseconds(time);
    const socket = await this.#dial(opened);
    this.#link = { socket, opened, openedAtUs: this.#parts.time.nowUs };
    this.#counts.connections += 1;
    socket.open();
    return this.#link;
  }

  /** The next socket of the client. Beside other connections, whose clock is not turned, it comes up at its time. */
  async #dial(opened: number): Promise<ReplaySocket> {
    const { clock, dials, lane } = this.#parts;
    for (;;) {
      const socket = await dials.take(lane);
      clock.playing += 1;
      if (clock.playing === 1) clock.setWall(opened);
      else await this.#awaitWall(socket, opened);
      if (socket.isDialling) return socket;
      clock.playing -= 1;
    }
  }

  async #awaitWall(socket: ReplaySocket, opened: number): Promise<void> {
    const { clock, time } = this.#parts;
    this.#dialled = socket;
    while (socket.isDialling && clock.wallUs < opened)
      await this.#sleepUntil(time.nowUs + opened - clock.wallUs);
    this.#dialled = undefined;
  }

  #unlink(): void {
    if (this.#link === undefined) return;
    this.#link = undefined;
    this.#parts.clock.playing -= 1;
  }

  async #deliver(link: Link, time: string, text: string): Promise<void> {
    await this.#reach(link, time);
    this.#counts[link.socket.isOpen ? 'frames' : 'skippedFrames'] += 1;
    link.socket.deliver(this.#parts.adapt(text));
  }

  async #end({ time, end }: RecordedClosing): Promise<void> {
    const link = this.#link;
    if (link === undefined) return;
    await this.#reach(link, time);
    this.#unlink();
    if (end.how === 'left') this.#left = link.socket;
    else link.socket.end(codeOf(end));
  }

  /** Waits for the place of a recorded time; not for one that has gone by, and not on a connection that the client has left. */
  async #reach({ socket, opened, openedAtUs }: Link, time: string): Promise<void> {
    const { time: replay } = this.#parts;
    const dueUs = openedAtUs + toMicroseconds(time) - opened;
    while (socket.isOpen && replay.nowUs < dueUs) await this.#sleepUntil(dueUs);
  }

  async #sleepUntil(dueUs: number): Promise<void> {
    const timer = this.#parts.time.at(dueUs, () => this.#wake());
    await this.#sleep();
    timer[Symbol.dispose]();
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** Whole microseconds since the epoch of a recorded time, which a number holds exactly. */
export function toMicroseconds(time: string): number {
  return Number((toNanoseconds(time) ?? 0n) / 1_000n);
}

function codeOf(end: Exclude<RecordedEnding, { readonly how: 'left' }>): number {
  return end.how === 'close' ? end.code : 1_006;
}
