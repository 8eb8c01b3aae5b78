/**
 * Rate limits for connectors: one limiter over everything that a venue counts together, and its refusals as typed errors.
 *
 * @packageDocumentation
 */
export type {
  Grant,
  Lane,
  LimitDefinition,
  LimitWindow,
  LocalRateLimiter,
  RateLimiter,
} from '@venuekit/rate-limiter';
export { type LimitedCall, toVenueError } from './limit-refusal.ts';
export { type LimitUse, requireLimits } from './limit-use.ts';
export { sendIfRoom } from './send-if-room.ts';
export { type LimitPlace, sharedLimiter } from './shared-limiter.ts';
export { createVenueLimiter, type VenueLimiterOptions } from './venue-limiter.ts';
