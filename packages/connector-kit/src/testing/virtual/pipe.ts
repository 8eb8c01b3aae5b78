import type { Random } from '@venuekit/connector-core';
import { PipeQueue } from './pipe-queue.ts';
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

/** How long a message waits for one that overtakes it, in milliseconds. */
const swapWaitMs = 1_000;

/** One direction of one connection. What goes in comes out in the same order, as on TCP, however long each part takes. */
export class Pipe {
  readonly #road: PipeRoad;
  readonly #end: PipeEnd;
  readonly #queue = new PipeQueue();
  #timer: Disposable | undefined;
  #parked: { readonly flush: () => void; readonly timer: Disposable } | undefined;
  #ended = false;
  #stopped = false;
  #delivering = false;
  /** How often everything under way was lost. */
  #clearings = 0;

  constructor(road: PipeRoad, end: PipeEnd) {
    this.#road = road;
    this.#end = end;
    road.pipes.add(this);
  }

  /** Bytes under way. */
  get bytes(): number {
    return this.#queue.bytes;
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
  finish(arrive: () => void, delayMs = 0): void {
    if (this.#ended) return;
    this.#unpark();
    this.#enqueue(0, arrive, delayMs);
    this.#ended = true;
  }

  /**
   * Sends the last thing after what has left the sender for sure, which are the first `keptBytes` bytes under way. Of what is
   * behind them the newest may be lost: none, some or all, as chance wants it.
   * @returns how many were lost.
   */
  breakOff(keptBytes: number, arrive: () => void): number {
    this.#unpark();
    const loose = this.#queue.beyond(keptBytes);
    const lost = loose === 0 ? 0 : Math.floor(this.#end.random.next('lost at the end') * (loose + 1));
    this.#queue.drop(lost);
    // The last thing may be among them.
    if (lost > 0 && !this.#stopped) this.#ended = false;
    this.finish(arrive);
    return lost;
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
    if (this.#timer === undefined && !this.#delivering) this.#planNext();
  }

  #clear(): void {
    this.#parked?.timer[Symbol.dispose]();
    this.#parked = undefined;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#clearings += 1;
    this.#queue.clear();
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
    this.#queue.add({ bytes, arrive, dueUs: time.nowUs + toMicroseconds(latencyMs + delayMs) });
    this.resume();
  }

  #planNext(): void {
    const next = this.#queue.first;
    if (next === undefined || this.#road.held) return;
    const dueUs = Math.max(next.dueUs, this.#road.time.nowUs);
    const { group, label } = this.#end;
    const fire = (): void => this.#deliver();
    this.#timer = this.#road.time.plan(group, { kind: 'delivery', dueUs, label, fire });
  }

  /** Delivers what is next, and by chance more of what is due: a socket gives several messages that came in one piece in one go. */
  #deliver(): void {
    const clearing = this.#clearings;
    this.#timer = undefined;
    this.#delivering = true;
    for (let left = this.#drawRun(); left > 0 && this.#isOpenTo(clearing); left -= 1) this.#arrive();
    this.#delivering = false;
    this.resume();
  }

  /** How many arrive in this step, without promise work in between. */
  #drawRun(): number {
    const { nowUs } = this.#road.time;
    if (!this.#queue.hasRun(nowUs)) return 1;
    const share = this.#end.random.next('run');
    return share < 0.5 ? 1 : 1 + Math.ceil((this.#queue.due(nowUs) - 1) * (share - 0.5) * 2);
  }

  /** False once what has arrived in this step ended the rest: a hold, a stall, a crash or a loss. */
  #isOpenTo(clearing: number): boolean {
    const { held, time } = this.#road;
    const { alive, stalledUntilUs } = this.#end.group;
    return clearing === this.#clearings && !held && alive && stalledUntilUs <= time.nowUs;
  }

  #arrive(): void {
    const { group, label } = this.#end;
    try {
      this.#queue.take()?.arrive();
    } catch (error) {
      // What code does that was killed on the way is of no interest to anyone.
      if (group.alive) this.#road.time.fail(`${group.name}/${label}`, error);
    }
  }
}
