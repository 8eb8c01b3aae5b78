import type { Clock, Random, Timers } from '@venuekit/connector-core';
import { createSeededRandom } from './seeded-random.ts';

/** Everything that the simulator takes from the world around it. Bring your own to run it in virtual time. */
export interface SimulatorRuntime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** For what no market seed decides: how far the fault `epoch` goes back. Synthetic markets have seeds of their own. */
  readonly random: Random;
}

/** The clock and the timers of this machine. A delay of zero runs after the events that are waiting, without a pause. */
export function createSystemRuntime(): SimulatorRuntime {
  return {
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    timers: { setTimer: (delayMs, fire) => (delayMs > 0 ? delayed(delayMs, fire) : soon(fire)) },
    random: createSeededRandom('system'),
  };
}

/** The longest delay that the platform's timer takes. */
const longestDelayMs = 2_147_483_647;

function delayed(delayMs: number, fire: () => void): Disposable {
  let timer: NodeJS.Timeout;
  const wait = (leftMs: number): void => {
    const next = leftMs > longestDelayMs ? () => wait(leftMs - longestDelayMs) : fire;
    timer = setTimeout(next, Math.min(leftMs, longestDelayMs));
  };
  wait(delayMs);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

function soon(fire: () => void): Disposable {
  const immediate = setImmediate(fire);
  return { [Symbol.dispose]: () => clearImmediate(immediate) };
}
