import { VenueError } from '@venuekit/connector-core';
import { type Incarnation, type IncarnationOptions, LiveIncarnation } from './incarnation.ts';
import { checkDelay } from './link-terms.ts';
import { createKeyedRandom, createSeededIds, forkSeed, type SeedState } from './seeded-number.ts';
import { StoredFiles } from './virtual-disk.ts';
import type { Network } from './virtual-network.ts';
import { toMicroseconds, type VirtualTime } from './virtual-time.ts';

/** How a process ends: killed, or by a power cut, which also takes some or all of what was appended to files and not synced. */
export type CrashKind = 'process' | 'power';

/** Where a process crashes by itself. */
export interface CrashPoint {
  /** The number of the operation, from 1, counted over the life of the process. */
  readonly operation: number;
  /** `before`: the operation does not happen. `after`: it happens and nothing else. */
  readonly when: 'before' | 'after';
  /** `process` by default. */
  readonly how?: CrashKind;
}

/** One operating-system process of the simulated machine. It is started, crashes and is started again. */
export interface VirtualProcess {
  readonly name: string;
  /** The incarnation that is alive. */
  readonly current: Incarnation | undefined;
  /** Dials, sends, closes and terminations, requests and their aborts, disk writes and syncs so far; each is a point to crash at. */
  readonly operations: number;
  /** Starts it. @throws VenueError `invalid-options` if it is alive. */
  start(options?: IncarnationOptions): Incarnation;
  /** Ends it at once, as `kill -9` or a power cut; does nothing to a process that is not alive. */
  crash(how?: CrashKind): void;
  /** Lets it crash at an operation to come. @throws VenueError `invalid-options` if that operation is past. */
  crashAt(point: CrashPoint): void;
  /** Makes it busy: for `ms` of virtual time nothing is fired or delivered to it. Then its timers come first, as in Node. */
  stall(ms: number): void;
  /** Lets its wall clock jump by `ms`, which may be below 0. The monotonic clock does not. */
  shiftClock(ms: number): void;
}

/** What processes have from their world. */
export interface ProcessParts {
  readonly time: VirtualTime;
  readonly network: Network;
  readonly seed: SeedState;
}

/** Makes a process that is not started. */
export function createVirtualProcess(name: string, parts: ProcessParts): VirtualProcess {
  return new Process(name, parts);
}

class Process implements VirtualProcess {
  readonly name: string;
  readonly #parts: ProcessParts;
  readonly #files;
  readonly #random;
  readonly #crashes = new Map<number, CrashPoint>();
  #current: LiveIncarnation | undefined;
  #starts = 0;
  #shiftMs = 0;
  #operations = 0;

  constructor(name: string, parts: ProcessParts) {
    this.name = name;
    this.#parts = parts;
    this.#random = createKeyedRandom(forkSeed(parts.seed, 'process', name));
    this.#files = new StoredFiles(createKeyedRandom(forkSeed(parts.seed, 'disk', name)));
  }

  get current(): Incarnation | undefined {
    return this.#current;
  }

  get operations(): number {
    return this.#operations;
  }

  start(options: IncarnationOptions = {}): Incarnation {
    if (this.#current !== undefined)
      throw this.#invalid('start: expected a process that is not alive, got one');
    this.#starts += 1;
    const { network, seed, time } = this.#parts;
    const incarnation = new LiveIncarnation(
      {
        ...{ network, time, name: this.name, number: this.#starts, files: this.#files, random: this.#random },
        shiftMs: () => this.#shiftMs,
        ids: createSeededIds(forkSeed(seed, 'ids', this.name, String(this.#starts))),
        count: (act) => this.#count(act),
      },
      options,
    );
    this.#current = incarnation;
    this.#note('start', String(this.#starts));
    return incarnation;
  }

  crash(how: CrashKind = 'process'): void {
    const incarnation = this.#current;
    if (incarnation === undefined) return;
    this.#current = undefined;
    this.#note('crash', how);
    incarnation.kill();
    if (how === 'power') this.#files.cutPower();
  }

  crashAt(point: CrashPoint): void {
    if (!(Number.isSafeInteger(point.operation) && point.operation > this.#operations)) {
      throw this.#invalid(
        `crashAt: expected a whole number above ${this.#operations}, which is past, got ${point.operation}`,
      );
    }
    this.#crashes.set(point.operation, point);
  }

  stall(ms: number): void {
    checkDelay('stall', ms);
    const group = this.#current?.group;
    this.#note('stall', `${ms} ms`);
    if (group === undefined) return;
    group.stalledUntilUs = Math.max(group.stalledUntilUs, this.#parts.time.nowUs + toMicroseconds(ms));
  }

  shiftClock(ms: number): void {
    if (!Number.isFinite(ms)) throw this.#invalid(`shiftClock: expected milliseconds, got ${ms}`);
    this.#note('clock', `${ms} ms`);
    this.#shiftMs += ms;
  }

  #count(act: () => void): void {
    this.#operations += 1;
    const point = this.#crashes.get(this.#operations);
    try {
      if (point?.when !== 'before') act();
    } finally {
      // A failing disk throws, and so does a close with a code that nobody may send.
      if (point !== undefined) this.crash(point.how);
    }
  }

  #note(kind: string, text: string): void {
    this.#parts.time.trace.record(this.name, kind, text);
  }

  #invalid(message: string): VenueError {
    return new VenueError({ code: 'invalid-options', operation: this.name, message });
  }
}
