import {
  createRateLimiter,
  type Grant,
  type LimitDefinition,
  LimitError,
  type LimiterEvent,
  type LimitWindow,
  type LocalRateLimiter,
  type RateLimiter,
  type RateLimiterOptions,
  type RequestOptions,
} from '../src/index.ts';
import { ManualTime } from './manual-time.ts';

/** A limiter on a clock of its own, with what it told its observer. */
export interface LimiterCase {
  readonly limiter: LocalRateLimiter;
  readonly time: ManualTime;
  readonly events: readonly LimiterEvent[];
}

/** Makes a limiter with no allowance, unless the options say otherwise. */
export function caseOf(
  limits: readonly LimitDefinition[],
  options: Partial<RateLimiterOptions> = {},
): LimiterCase {
  const time = new ManualTime();
  const events: LimiterEvent[] = [];
  const observe = (event: LimiterEvent): void => void events.push(event);
  const limiter = createRateLimiter({ time, allowanceMs: 0, observe, ...options, limits });
  return { limiter, time, events };
}

/** A limit with one sliding window of a second. */
export function limitOf(id: string, capacity: number, more: Partial<LimitWindow> = {}): LimitDefinition {
  return { id, windows: [{ capacity, windowMs: 1_000, ...more }] };
}

/** Takes as many as there is room for; gives how many. */
export function fill(
  limiter: LocalRateLimiter,
  id: string,
  options: Pick<RequestOptions, 'weight' | 'lane'> = {},
): number {
  let count = 0;
  while (limiter.tryAcquire(id, options) !== undefined) count += 1;
  return count;
}

/** A request that is followed: what became of it, and when by the clock of the case. */
export interface Followed {
  state: 'waiting' | 'granted' | LimitError['code'];
  atMs: number;
  grant: Grant | undefined;
  error: LimitError | undefined;
}

/** Starts a request and notes the moment of its end. */
export function follow(limiter: RateLimiter, id: string, options: RequestOptions = {}): Followed {
  const followed: Followed = { state: 'waiting', atMs: Number.NaN, grant: undefined, error: undefined };
  const work = (grant: Grant): void => {
    Object.assign(followed, { state: 'granted', atMs: limiter.now(), grant });
  };
  limiter.run(id, work, options).catch((error: LimitError) => {
    Object.assign(followed, { state: error.code, atMs: limiter.now(), error });
  });
  return followed;
}

/** The refusal that a call ends with. */
export async function refusalOf(act: () => unknown): Promise<LimitError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof LimitError) return error;
    throw error;
  }
  throw new Error('expected a LimitError, got none');
}

/** Weight in use of the windows of a limit. */
export function usedOf(limiter: RateLimiter, id: string): readonly number[] {
  const limit = limiter.usage().limits.find((one) => one.id === id);
  return (limit?.windows ?? []).map(({ used }) => used);
}
