import type { Grant, RequestOptions } from '../../src/index.ts';
import type { SharedRateLimiter } from '../../src/redis/index.ts';

/** A request as a server saw it. */
export interface Arrival {
  readonly atMs: number;
  readonly weight: number;
  readonly by: string;
}

/** A server that notes what reaches it. Each request is on its way for a while: from none to half of the allowance. */
export class CountingServer {
  readonly arrivals: Arrival[] = [];
  readonly #wayMs: number;
  #sent = 0;

  constructor(allowanceMs = 0) {
    this.#wayMs = allowanceMs / 2;
  }

  /** The ways go from longest to shortest and back: neighbours come as close together as can be. */
  arrive(weight: number, by = ''): void {
    this.#sent += 1;
    const wayMs = this.#wayMs * Math.abs(1 - ((this.#sent / 7) % 2));
    this.arrivals.push({ atMs: performance.now() + wayMs, weight, by });
  }

  /** Weight in the worst span of the window, half open. */
  worst(windowMs: number, isCounted: (arrival: Arrival) => boolean = () => true): number {
    const sorted = this.arrivals.filter(isCounted).sort((a, b) => a.atMs - b.atMs);
    let [worst, sum, from] = [0, 0, 0];
    for (const { atMs, weight } of sorted) {
      sum += weight;
      while (atMs - (sorted[from]?.atMs ?? 0) >= windowMs) {
        sum -= sorted[from]?.weight ?? 0;
        from += 1;
      }
      worst = Math.max(worst, sum);
    }
    return worst;
  }

  /** The highest level of a bucket that these pour into. */
  highest(perMs: number): number {
    let [highest, level, lastMs] = [0, 0, 0];
    for (const { atMs, weight } of [...this.arrivals].sort((a, b) => a.atMs - b.atMs)) {
      level = Math.max(0, level - (atMs - lastMs) * perMs) + weight;
      lastMs = atMs;
      highest = Math.max(highest, level);
    }
    return highest;
  }
}

/** Makes a request that a server counts. */
export function send(
  limiter: SharedRateLimiter,
  server: CountingServer,
  id: string,
  options: RequestOptions & { readonly by?: string } = {},
): Promise<void> {
  return limiter.run(id, ({ weight }: Grant) => server.arrive(weight, options.by ?? id), options);
}

/** The same request so many times. */
export function times<T>(count: number, make: (at: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}
