import { ascendexLimits } from '../../../packages/ascendex-spot/src/venue-limits.ts';
import { createVenueLimiter } from '../../../packages/connector-kit/src/limits/index.ts';
import { createSystemRuntime } from '../../../packages/connector-kit/src/runtime/index.ts';
import type { RestSubject } from '../subject.ts';
import { clientSubject } from './venuekit-client.ts';

/** So many a second that nobody waits; all else is as the connector has it. */
const capacity = 1_000_000;
const limiter = createVenueLimiter({
  runtime: createSystemRuntime(),
  venue: 'bench',
  limits: ascendexLimits({ rest: { capacity } }),
});

export const subject: RestSubject = clientSubject(
  { limiter, scope: 'ip', unstatedPenaltyMs: 60_000 },
  { id: 'rest', lane: 'query' },
);
