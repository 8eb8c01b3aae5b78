export type { Grant } from './grant.ts';
export type {
  Lane,
  LimitDefinition,
  LimitWindow,
  LinkedLimit,
  Patience,
  PolicyName,
} from './limit-definition.ts';
export { isLimitError, LimitError, type LimitErrorCode, type LimitErrorInit } from './limit-error.ts';
export type { LimiterEvent, LimiterUsage, LimitUsage, Penalty, WindowUsage } from './limiter-events.ts';
export type { LimitPolicy, Meter, MeterEntry, MeterOptions } from './meter.ts';
export {
  createRateLimiter,
  type LocalRateLimiter,
  type RateLimiter,
  type RateLimiterOptions,
  type ReportOptions,
  type RequestOptions,
} from './rate-limiter.ts';
export type { LimiterTime } from './time.ts';
