import type { Clock, Random, Timers } from '@venuekit/connector-core';
import { TimerGroup } from './planned-timer.ts';
import { createKeyedRandom, createSeededTies, forkSeed, type TieBreak } from './seeded-number.ts';
import type { Trace } from './trace.ts';
import { Network, type VirtualNetwork } from './virtual-network.ts';
import { createVirtualProcess, type VirtualProcess } from './virtual-process.ts';
import { type RunEnd, type RunOptions, VirtualTime, type WorldFailure } from './virtual-time.ts';

/** What {@link createVirtualWorld} takes. */
export interface VirtualWorldOptions {
  /** Everything random follows from it. */
  readonly seed: string;
  /** Wall time at the start, in milliseconds since the epoch; 1,700,000,000,000 by default. */
  readonly startMs?: number;
  /** Order of timers that are due at one instant; asked only where two of them meet. `createSeededTies(seed)` by default. */
  readonly ties?: TieBreak;
  /** Keeps the lines of the trace as well; the hash is always there. */
  readonly keepTrace?: boolean;
}

/** Processes, servers and the network between them, in virtual time. One seed and the code decide everything that happens. */
export interface VirtualWorld {
  readonly seed: string;
  /** The clock of servers and of the scenario. */
  readonly clock: Clock;
  /** The timers of servers and of the scenario; their owner is `world`. */
  readonly timers: Timers;
  /** Chance for servers and for the scenario: a draw follows from the seed, its key and how often that was drawn. */
  readonly random: Random;
  readonly trace: Trace;
  readonly network: VirtualNetwork;
  /** Timers fired so far. */
  readonly steps: number;
  /** What is planned, in due order, as `owner/label`. */
  readonly waiting: readonly string[];
  /** Timers and handlers that threw. The run goes on. */
  readonly failures: readonly WorldFailure[];
  /** The process of that name, made at the first call and not started. */
  process(name: string): VirtualProcess;
  /**
   * Fires what is planned, in due order; promise work settles before each step.
   * @throws VenueError `invalid-options` while another run goes on; what `until` or `afterStep` throws.
   */
  run(options?: RunOptions): Promise<RunEnd>;
  /** Ends every process and drops everything that is planned. */
  close(): void;
}

/** Makes a world in which nothing is planned and no process is started. */
export function createVirtualWorld(options: VirtualWorldOptions): VirtualWorld {
  const { seed, startMs = 1_700_000_000_000, ties = createSeededTies(seed), keepTrace = false } = options;
  const state = forkSeed(undefined, seed);
  const time = new VirtualTime(startMs, ties, keepTrace);
  const network = new Network(time, state);
  const processes = new Map<string, VirtualProcess>();
  const process = (name: string): VirtualProcess => {
    const known = processes.get(name) ?? createVirtualProcess(name, { time, network, seed: state });
    processes.set(name, known);
    return known;
  };
  return {
    ...{ seed, network, process, trace: time.trace, failures: time.failures },
    clock: time.clock(() => 0),
    timers: time.timers(new TimerGroup('world')),
    random: createKeyedRandom(forkSeed(state, 'world')),
    get steps() {
      return time.steps;
    },
    get waiting() {
      return time.waiting;
    },
    run: (runOptions = {}) => time.run(runOptions),
    close: () => {
      for (const each of processes.values()) each.crash();
      time.close();
    },
  };
}
