/** Time that stands still until it is moved, in place of the system's. Timers stay those of the system. */
export interface SteeredClock {
  move(byMs: number): void;
}

let sink = 0;

/** Puts a clock into `Date.now` and `performance.now`. To be called before anything is loaded that keeps one of them. */
export function steerClock(): SteeredClock {
  const realDate = Date.now;
  const realPerformance = performance.now.bind(performance);
  let movedMs = 0;
  const dateMs = realDate();
  const performanceMs = realPerformance();
  // The real clock is read all the same: reading it is part of what a limiter costs.
  Date.now = () => {
    sink = realDate();
    return dateMs + Math.floor(movedMs);
  };
  performance.now = () => {
    sink = realPerformance();
    return performanceMs + movedMs;
  };
  return {
    move: (byMs) => {
      movedMs += byMs;
    },
  };
}

/** Last reading of a real clock. It is there so that no reading is left out. */
export function lastReading(): number {
  return sink;
}
