import { createSystemRuntime, type SimulatorRuntime } from '../../packages/exchange-simulator/src/index.ts';

/** The label of the timer with which the simulator publishes its books. */
const publishing = 'depth';
/** Who is later than this begins anew: a long pause is not followed by a burst of as much as was missed. */
const mostBehindMs = 100;

/**
 * The system's clock and timers, but that the simulator's books are published at an even pace, however long a publication takes: their timer
 * is set anew after each of them.
 * @param before is called before each publication.
 */
export function createSteadyRuntime(before: () => void): SimulatorRuntime {
  const { clock, timers, random } = createSystemRuntime();
  let dueMs = clock.monotonic();
  return {
    ...{ clock, random },
    timers: {
      setTimer(delayMs, fire, label) {
        if (label !== publishing) return timers.setTimer(delayMs, fire, label);
        const nowMs = clock.monotonic();
        dueMs = Math.max(dueMs + delayMs, nowMs - mostBehindMs);
        const publish = (): void => {
          before();
          fire();
        };
        return timers.setTimer(Math.max(0, dueMs - nowMs), publish, label);
      },
    },
  };
}
