import type { ErrorKind, RetryAdvice } from './error-codes.ts';
import { limitBreaches } from './limits.ts';

/** How long to wait after a reply that does not say so itself. */
const { unstatedPenaltyMs: retryAfterMs } = limitBreaches;

/** What an HTTP status says when no code of the venue says more. */
export interface HttpStatusRule {
  /** First status that the row is for. */
  readonly from: number;
  /** Last status that the row is for. */
  readonly to: number;
  /** `true`: only for HTML bodies, which come from the network in front of the venue. `false`: only for others. */
  readonly html?: boolean;
  readonly kind: ErrorKind;
  readonly retry: RetryAdvice;
  /** Shortest wait before the next try, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** What HTTP statuses mean, in the order in which they are tried. Source: replies that clients reported; the docs leave it open. */
export const httpStatusRules: readonly HttpStatusRule[] = [
  { from: 400, to: 400, kind: 'invalidRequest', retry: 'no' },
  { from: 401, to: 401, kind: 'auth', retry: 'no' },
  { from: 403, to: 403, html: true, kind: 'rateLimited', retry: 'yes', retryAfterMs },
  { from: 403, to: 403, html: false, kind: 'permission', retry: 'no' },
  { from: 405, to: 405, kind: 'invalidRequest', retry: 'no' },
  { from: 414, to: 414, kind: 'invalidRequest', retry: 'no' },
  { from: 429, to: 429, kind: 'rateLimited', retry: 'yes', retryAfterMs },
  { from: 500, to: 599, kind: 'venueUnavailable', retry: 'reads-only' },
];

/** The row of a status; `undefined` for success and for what nobody has seen. */
export function findHttpStatusRule(status: number, html = false): HttpStatusRule | undefined {
  return httpStatusRules.find(
    (rule) => status >= rule.from && status <= rule.to && (rule.html ?? html) === html,
  );
}
