import type { Random } from '@venuekit/connector-core';
import type { TimerGroup } from './planned-timer.ts';
import { toMicroseconds, type VirtualTime } from './virtual-time.ts';

/** How long a delivery takes, in milliseconds: drawn evenly from the range. */
export interface LatencyRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/** What pipes of one link have in common. */
export interface PipeRoad {
  readonly time: VirtualTime;
  readonly latency: LatencyRange;
  /** True while nothing arrives. */
  readonly held: boolean;
  readonly pipes: Set<Pipe>;
}

/** Where a pipe leads. */
export interface PipeEnd {
  /** Whose timers the deliveries are. */
  readonly group: TimerGroup;
  readonly label: string;
  /** Latencies are drawn from it. */
  readonly random: Random;
}

interface Item {
  readonly bytes: number;
  /** Earliest arrival; what is in front comes first all the same. */
  readonly dueUs: number;
  readonly arrive: () => void;
}

/** How long a message waits for one that overtakes it, in milliseconds. */
const swapWaitMs = 1_000;

/** One direction of one connection. What goes in comes out in the same order, as on TCP, however long each part takes. */
export class Pipe {
  readonly #road: PipeRoad;
  readonly #end: PipeEnd;
  #items: Item[] = [];
  #timer: Disposable | undefined;
  #parked: { readonly flush: () => void; readonly timer: Disposable } | undefined;
  #ended = false;
  #stopped = false;
  /** Bytes under way. */
  bytes = 0;

  constructor(road: PipeRoad, end: PipeEnd) {
    this.#road = road;
    this.#end = end;
    road.pipes.add(this);
  }

  /** True if nothing is taken any more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** True while something waits for what is to overtake it. */
  get parking(): boolean {
    return this.#parked !== undefined;
  }

  /** Sends something. */
  push(bytes: number, arrive: () => void, delayMs = 0): void {
    if (this.#ended) return;
    this.#enqueue(bytes, arrive, delayMs);
    this.#unpark();
  }

  /** Sends something behind what comes next, or after a while if nothing comes. One at a time. */
  park(bytes: number, arrive: () => void): void {
    if (this.#ended || this.parking) return;
    const { time } = this.#road;
    const dueUs = time.nowUs + toMicroseconds(swapWaitMs);
    const fire = (): void => this.#unpark();
    const timer = time.plan(this.#end.group, {
      kind: 'delivery',
      dueUs,
      label: `${this.#end.label} swap`,
      fire,
    });
    this.#parked = { timer, flush: () => this.#enqueue(bytes, arrive, 0) };
  }

  /** Sends the last thing; nothing is taken afterwards. */
  finish(arrive: () => void): void {
    if (this.#ended) return;
    this.#unpark();
    this.#enqueue(0, arrive, 0);
    this.#ended = true;
  }

  /** Loses what is under way and sends one last thing, also on a pipe that had its last one; not on a stopped one. */
  fail(arrive: () => void): void {
    if (this.#stopped) return;
    this.#clear();
    this.#enqueue(0, arrive, 0);
    this.#ended = true;
  }

  /** Loses what is under way and takes nothing more. */
  stop(): void {
    this.#clear();
    this.#stopped = true;
    this.#ended = true;
    this.#road.pipes.delete(this);
  }

  /** Stops deliveries for now. */
  pause(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  /** Goes on with them. */
  resume(): void {
    if (this.#timer === undefined) this.#planNext();
  }

  #clear(): void {
    this.#parked?.timer[Symbol.dispose]();
    this.#parked = undefined;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#items = [];
    this.bytes = 0;
  }

  #unpark(): void {
    const parked = this.#parked;
    if (parked === undefined) return;
    this.#parked = undefined;
    parked.timer[Symbol.dispose]();
    parked.flush();
  }

  #enqueue(bytes: number, arrive: () => void, delayMs: number): void {
    const { latency, time } = this.#road;
    const latencyMs = latency.minMs + this.#end.random.next('latency') * (latency.maxMs - latency.minMs);
    this.#items.push({ bytes, arrive, dueUs: time.nowUs + toMicroseconds(latencyMs + delayMs) });
    this.bytes += bytes;
    this.resume();
  }

  #planNext(): void {
    const next = this.#items[0];
    if (next === undefined || this.#road.held) return;
    const dueUs = Math.max(next.dueUs, this.#road.time.nowUs);
    const { group, label } = this.#end;
    this.#timer = this.#road.time.plan(group, {
      kind: 'delivery',
      dueUs,
      label,
      fire: () => this.#deliver(next),
    });
  }

  #deliver(item: Item): void {
    this.#items.shift();
    this.bytes -= item.bytes;
    this.#timer = undefined;
    this.#planNext();
    item.arrive();
  }
}
