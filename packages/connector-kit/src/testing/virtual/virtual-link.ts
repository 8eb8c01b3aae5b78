import { VenueError } from '@venuekit/connector-core';
import {
  type Direction,
  describeFault,
  FrameFaults,
  type Refusal,
  type RequestFault,
  type ScriptedReply,
} from './link-faults.ts';
import { checkCount, checkDelay, checkStatus, checkWord } from './link-terms.ts';
import type { LatencyRange, Pipe, PipeRoad } from './pipe.ts';
import { forkSeed, type SeedState } from './seeded-number.ts';
import type { VirtualTime } from './virtual-time.ts';

/**
 * The streams and requests between one process and one server, and what goes wrong with them. Faults of "the next" messages
 * and requests wait until one is sent; faults of requests are met one a request, in the order in which they were asked for, by
 * requests in the order of their calls; a refused one uses up none. Whatever is asked of a link is a line of the trace. A count
 * that is no whole number from 0, or a delay that is no number of milliseconds from 0, is a VenueError `invalid-options`.
 */
export interface VirtualLink {
  /** Streams whose client has not heard of an end. */
  readonly streams: number;
  /** Faults of next messages and requests that were asked for and have not struck yet, for example `drop to-client`. */
  readonly pending: readonly string[];
  /** How long deliveries take from now on; 1 to 20 ms by default. Order within a stream and direction is kept. */
  setLatency(range: LatencyRange): void;
  /** The next messages vanish; 1 by default. */
  drop(direction: Direction, count?: number): void;
  /** The next messages arrive twice; 1 by default. */
  duplicate(direction: Direction, count?: number): void;
  /** The next message arrives after the one behind it, or after a second if none comes. */
  swap(direction: Direction): void;
  /** The next message is changed. */
  edit(direction: Direction, change: (text: string) => string): void;
  /** The next message is late by `delayMs`; those behind it wait. */
  delay(direction: Direction, delayMs: number): void;
  /** Breaks every stream with code 1006 and every request with ECONNRESET. What is under way never arrives. */
  cut(): void;
  /** Half-open: nothing arrives, on old and new connections, and nobody is told. */
  hold(): void;
  /** Ends a hold: what was held arrives, in order. */
  release(): void;
  /** New dials and requests fail: refused at once, never answered, or with an HTTP status. */
  refuse(how: Refusal): void;
  /** Ends a refusal. */
  accept(): void;
  /** The next requests never reach the server; 1 by default. */
  loseRequest(count?: number): void;
  /** The next requests are executed and their replies lost; 1 by default. */
  loseReply(count?: number): void;
  /**
   * The next requests are answered by the link; 1 by default. They never reach the server, unless the reply is marked as
   * `executed`.
   */
  answer(reply: ScriptedReply, count?: number): void;
  /** The next requests fail with ECONNRESET before or after the server has executed them; 1 by default. */
  reset(when: 'before' | 'after', count?: number): void;
  /** The next request reaches the server late by `delayMs`. */
  delayRequest(delayMs: number): void;
  /** The reply to the next request is late by `delayMs`. */
  delayReply(delayMs: number): void;
  /** The body of the reply to the next request breaks after `afterBytes` bytes, as `TypeError('terminated')`. */
  breakBody(afterBytes: number): void;
  /** The body of the reply to the next request goes on for `afterBytes` bytes and never ends. */
  stallBody(afterBytes: number): void;
}

const directions: readonly Direction[] = ['to-server', 'to-client'];

/** One connection over a link. */
export interface Connection {
  /** Breaks it for both ends. */
  cut(): void;
}

/** A link, as connections use it. */
export class Link implements VirtualLink, PipeRoad {
  readonly time: VirtualTime;
  /** `process>authority`. */
  readonly name: string;
  readonly authority: string;
  readonly seed: SeedState;
  readonly pipes: Set<Pipe> = new Set();
  readonly connections: Set<Connection> = new Set();
  readonly frames: Readonly<Record<Direction, FrameFaults>> = {
    'to-server': new FrameFaults(),
    'to-client': new FrameFaults(),
  };
  latency: LatencyRange = { minMs: 1, maxMs: 20 };
  held = false;
  refusal: Refusal | undefined;
  streams = 0;
  #connectionCount = 0;
  readonly #requestFaults: RequestFault[] = [];

  constructor(time: VirtualTime, process: string, authority: string, seed: SeedState) {
    this.time = time;
    this.name = `${process}>${authority}`;
    this.authority = authority;
    this.seed = forkSeed(seed, 'link', process, authority);
  }

  /** The number of a new connection, from 1. */
  nextNumber(): number {
    this.#connectionCount += 1;
    return this.#connectionCount;
  }

  /** The fault that the next request meets, if one waits. */
  takeRequestFault(): RequestFault | undefined {
    return this.#requestFaults.shift();
  }

  setLatency({ minMs, maxMs }: LatencyRange): void {
    if (!(minMs >= 0 && maxMs >= minMs && maxMs < Infinity)) {
      const message = `setLatency: expected 0 <= minMs <= maxMs, got ${minMs} and ${maxMs}`;
      throw new VenueError({ code: 'invalid-options', message });
    }
    this.#note(`latency ${minMs} ${maxMs}`);
    this.latency = { minMs, maxMs };
  }

  get pending(): readonly string[] {
    const messages = directions.flatMap((direction) =>
      this.frames[direction].pending.map((fault) => `${fault} ${direction}`),
    );
    return [...messages, ...this.#requestFaults.map(describeFault)];
  }

  drop(direction: Direction, count = 1): void {
    this.#struck('drop', direction, count).drops += count;
  }

  duplicate(direction: Direction, count = 1): void {
    this.#struck('duplicate', direction, count).duplicates += count;
  }

  swap(direction: Direction): void {
    this.#struck('swap', direction, 1).swaps += 1;
  }

  edit(direction: Direction, change: (text: string) => string): void {
    this.#struck('edit', direction, 1).edits.push(change);
  }

  delay(direction: Direction, delayMs: number): void {
    checkDelay('delay', delayMs);
    this.#struck(`delay ${delayMs}`, direction, 1).delaysMs.push(delayMs);
  }

  cut(): void {
    this.#note('cut');
    for (const connection of [...this.connections]) connection.cut();
  }

  hold(): void {
    this.#note('hold');
    this.held = true;
    for (const pipe of this.pipes) pipe.pause();
  }

  release(): void {
    this.#note('release');
    this.held = false;
    for (const pipe of [...this.pipes]) pipe.resume();
  }

  refuse(how: Refusal): void {
    if (typeof how === 'number') checkStatus('refuse', how);
    else checkWord('refuse', ['connection', 'silence'], how);
    this.#note(`refuse ${how}`);
    this.refusal = how;
  }

  accept(): void {
    this.#note('accept');
    this.refusal = undefined;
  }

  loseRequest(count = 1): void {
    this.#add({ type: 'lose-request' }, count);
  }

  loseReply(count = 1): void {
    this.#add({ type: 'lose-reply' }, count);
  }

  answer(reply: ScriptedReply, count = 1): void {
    checkStatus('answer', reply.status);
    this.#add({ type: 'answer', reply }, count);
  }

  reset(when: 'before' | 'after', count = 1): void {
    checkWord('reset', ['before', 'after'], when);
    this.#add({ type: when === 'before' ? 'reset-before' : 'reset-after' }, count);
  }

  delayRequest(delayMs: number): void {
    checkDelay('delayRequest', delayMs);
    this.#add({ type: 'delay-request', delayMs }, 1);
  }

  delayReply(delayMs: number): void {
    checkDelay('delayReply', delayMs);
    this.#add({ type: 'delay-reply', delayMs }, 1);
  }

  breakBody(afterBytes: number): void {
    checkCount('breakBody', afterBytes);
    this.#add({ type: 'break-body', afterBytes }, 1);
  }

  stallBody(afterBytes: number): void {
    checkCount('stallBody', afterBytes);
    this.#add({ type: 'stall-body', afterBytes }, 1);
  }

  #struck(what: string, direction: Direction, count: number): FrameFaults {
    checkWord(what, directions, direction);
    checkCount(what, count);
    this.#note(`${what} ${direction} ${count}`);
    return this.frames[direction];
  }

  #add(fault: RequestFault, count: number): void {
    checkCount(fault.type, count);
    this.#note(`${describeFault(fault)} ${count}`);
    for (let added = 0; added < count; added += 1) this.#requestFaults.push(fault);
  }

  #note(what: string): void {
    this.time.trace.record(this.name, 'link', what);
  }
}
