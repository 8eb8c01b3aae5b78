import { isCount, type LimitDefaults } from './limit-check.ts';
import type { Patience } from './limit-definition.ts';
import type { LimiterEvent } from './limiter-events.ts';
import type { RateLimiterOptions } from './rate-limiter.ts';
import { invalidRequest } from './request-check.ts';
import { systemTime } from './system-runtime.ts';
import type { LimiterTime } from './time.ts';

/** Options of a limiter, checked and complete. */
export interface LimiterSettings {
  readonly time: LimiterTime;
  readonly defaults: LimitDefaults;
  readonly patience: Patience;
  readonly maxWaiting: number;
  readonly observe: ((event: LimiterEvent) => void) | undefined;
}

const usualPatience: Patience = { place: 1_000, query: 5_000, background: 30_000 };

/** @throws LimitError `invalid-request` naming the option. */
export function settingsOf(options: RateLimiterOptions): LimiterSettings {
  const { time = systemTime, allowanceMs = 100, sharePercent = 100, maxWaiting = 10_000, observe } = options;
  const patience: Patience = { ...usualPatience, ...options.patience };
  if (typeof time.now !== 'function' || typeof time.setTimer !== 'function')
    throw invalidRequest(undefined, 'time', 'an object with now and setTimer', time);
  if (!(Number.isFinite(allowanceMs) && allowanceMs >= 0))
    throw invalidRequest(undefined, 'allowanceMs', 'a time from 0', allowanceMs);
  if (!(isCount(sharePercent) && sharePercent <= 100))
    throw invalidRequest(undefined, 'sharePercent', 'a whole number from 1 to 100', sharePercent);
  if (maxWaiting !== 0 && !isCount(maxWaiting))
    throw invalidRequest(undefined, 'maxWaiting', 'a whole number from 0', maxWaiting);
  let least = 0;
  for (const lane of ['place', 'query', 'background'] as const) {
    const own: unknown = patience[lane];
    if (!(Number.isFinite(own) && (own as number) >= least))
      throw invalidRequest(
        undefined,
        `patience.${lane}`,
        `a time from ${least}, that of the lane above`,
        own,
      );
    least = own as number;
  }
  return { time, defaults: { allowanceMs, sharePercent }, patience, maxWaiting, observe };
}
