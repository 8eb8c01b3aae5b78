import type { Ids, Logger, Meter, Random, Runtime } from '@venuekit/connector-core';
import type { Caller, OwnConnection } from './caller.ts';
import { checkCount, checkWord } from './link-terms.ts';
import { TimerGroup } from './planned-timer.ts';
import { toWord } from './trace.ts';
import type { StoredFiles, VirtualDisk } from './virtual-disk.ts';
import type { Network } from './virtual-network.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a process may be started with. */
export interface IncarnationOptions {
  /** Where messages go; nowhere by default. */
  readonly logger?: Logger;
  /** Where counts go; nowhere by default. */
  readonly meter?: Meter;
}

/** What an incarnation has not given back. */
export interface Leftovers {
  /** Labels of its timers that are planned, by creation. */
  readonly timers: readonly string[];
  /** Sockets that were not told of their end. */
  readonly sockets: number;
  /** Requests without an answer. */
  readonly requests: number;
}

/** One life of a process, from its start to its crash. */
export interface Incarnation {
  /** From 1. */
  readonly number: number;
  readonly alive: boolean;
  /** Inert once it is dead: timers do nothing, sends go nowhere, requests never settle. */
  readonly runtime: Runtime;
  /** Writes nothing once it is dead. */
  readonly disk: VirtualDisk;
  /** For leak checks. */
  readonly left: Leftovers;
  /** Adds a line to the trace; none once it is dead. */
  record(kind: string, text: string): void;
}

/** What an incarnation has from its process. */
export interface IncarnationParts {
  readonly name: string;
  readonly number: number;
  readonly time: VirtualTime;
  readonly network: Network;
  readonly files: StoredFiles;
  readonly shiftMs: () => number;
  readonly random: Random;
  readonly ids: Ids;
  /** Counts one operation around `act`, and crashes before or after it if that is planned. */
  readonly count: (act: () => void) => void;
}

const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const silentMeter: Meter = { count() {}, record() {} };

/** An incarnation, as its process sees it. */
export class LiveIncarnation implements Incarnation, Caller {
  readonly name: string;
  readonly number: number;
  readonly group: TimerGroup;
  readonly sockets: Set<OwnConnection> = new Set();
  readonly requests: Set<OwnConnection> = new Set();
  readonly runtime: Runtime;
  readonly disk: VirtualDisk;
  readonly #parts: IncarnationParts;

  constructor(parts: IncarnationParts, options: IncarnationOptions) {
    this.name = parts.name;
    this.number = parts.number;
    this.#parts = parts;
    this.group = new TimerGroup(parts.name);
    this.disk = this.#createDisk();
    this.runtime = this.#createRuntime(options);
  }

  get alive(): boolean {
    return this.group.alive;
  }

  get left(): Leftovers {
    const timers = [...this.group.planned].filter(({ plan }) => plan.kind === 'timer');
    return {
      timers: timers.map(({ plan }) => plan.label),
      sockets: this.sockets.size,
      requests: this.requests.size,
    };
  }

  record(kind: string, text: string): void {
    if (this.alive) this.#parts.time.trace.record(this.name, kind, text);
  }

  operate(act: () => void): void {
    if (this.alive) this.#parts.count(act);
  }

  /** Ends it at once: nothing of it is called any more. */
  kill(): void {
    this.#parts.time.end(this.group);
    for (const connection of [...this.sockets, ...this.requests]) connection.abandon();
    this.sockets.clear();
    this.requests.clear();
  }

  #createDisk(): VirtualDisk {
    const { files } = this.#parts;
    const write = (kind: string, text: string, act: () => void): void =>
      this.operate(() => {
        this.record(kind, text);
        act();
      });
    return {
      append: (file, line) => write('disk-append', `${toWord(file)} ${line}`, () => files.append(file, line)),
      sync: (file) => write('disk-sync', toWord(file), () => files.sync(file)),
      remove: (file) => write('disk-remove', toWord(file), () => files.remove(file)),
      read: (file) => files.read(file),
      fail: (kind, nth = 1) => {
        checkWord('fail', ['ENOSPC', 'EIO'], kind);
        checkCount('fail', nth);
        this.record('disk-failure', `${kind} ${nth}`);
        if (this.alive) files.fail(kind, nth);
      },
    };
  }

  #createRuntime({ logger = silentLogger, meter = silentMeter }: IncarnationOptions): Runtime {
    const { ids, network, random, shiftMs, time } = this.#parts;
    const shared = new Map<string, unknown>();
    return {
      clock: time.clock(shiftMs),
      timers: time.timers(this.group),
      random: { next: (key) => (this.alive ? random.next(key) : 0) },
      ids,
      logger: this.#whileAlive(logger, ['debug', 'info', 'warn', 'error']),
      meter: this.#whileAlive(meter, ['count', 'record']),
      fetch: (request) => network.request(this, request),
      openSocket: (url, options, handlers) => network.dial(this, url, options, handlers),
      shared: <T>(key: string, create: () => T): T => {
        if (!shared.has(key)) shared.set(key, create());
        return shared.get(key) as T;
      },
    };
  }

  /** `target` as long as this lives; nothing afterwards. */
  #whileAlive<T extends object>(target: T, methods: readonly (keyof T)[]): T {
    const guarded = methods.map((method) => {
      const call = (...values: unknown[]): void => {
        if (this.alive) (target[method] as (...values: unknown[]) => void)(...values);
      };
      return [method, call] as const;
    });
    return Object.fromEntries(guarded) as T;
  }
}
