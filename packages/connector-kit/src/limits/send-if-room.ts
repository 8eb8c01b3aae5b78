import { type Grant, isLimitError } from '@venuekit/rate-limiter';
import type { LimitUse } from './limit-use.ts';

/** Sends what is not worth waiting for: at once, or not at all if there is no room. `send` says whether it was sent. */
export function sendIfRoom({ limiter, id }: LimitUse, send: () => boolean): void {
  const work = (grant: Grant): void => {
    if (!send()) grant.release();
  };
  limiter.run(id, work, { lane: 'query', deadlineMs: limiter.now() }).catch((error: unknown) => {
    if (!isLimitError(error)) throw error;
  });
}
