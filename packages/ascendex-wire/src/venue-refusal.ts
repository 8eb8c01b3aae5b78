import { VenueError } from '@venuekit/connector-core';
import { type ErrorKind, findErrorRule, findGroupKind, kindCodes } from './error-codes.ts';
import { excerpt } from './excerpt.ts';
import { findHttpStatusRule } from './http-status.ts';
import { venueId } from './venue.ts';

/** What was asked when the venue refused, where that changes the meaning of a code. */
export type RefusalSubject = 'place' | 'cancel' | 'query' | 'session';

/** A refusal as the venue words it. */
export interface VenueRefusal {
  /** The venue's code, as a number or in digits. */
  readonly code?: string | number | undefined;
  /** The venue's word for the code. */
  readonly reason?: string | undefined;
  /** The venue's text. It is shown, and decides only where one code has two meanings. */
  readonly message?: string | undefined;
  /** The call or message that was refused, for the error. */
  readonly operation: string;
  /** HTTP status of the reply; it decides where the code says nothing. */
  readonly httpStatus?: number | undefined;
  /** What was asked: to place, cancel or query an order; `session` where the venue ends a session. */
  readonly about?: RefusalSubject | undefined;
  /** How long the reply asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

interface Verdict {
  readonly kind: ErrorKind;
  readonly meaning: string;
  readonly retryAfterMs?: number | undefined;
}

/**
 * The error for a refusal. The code decides, then the reason; the text only for 200001, 300006 and 300019. A code that is not
 * in the table is taken by the HTTP status, then by its group; what remains unknown is `protocol` and says so. `venueCode` of
 * the error is the code, digit for digit.
 *
 * Source: docs, "Appendix 1: Error Codes".
 */
export function toVenueError(refusal: VenueRefusal): VenueError {
  const venueCode = refusal.code === undefined ? undefined : excerpt(String(refusal.code), 20);
  const verdict = judge(refusal, venueCode);
  const retryAfterMs = refusal.retryAfterMs ?? verdict.retryAfterMs;
  return new VenueError({
    code: kindCodes[verdict.kind],
    venue: venueId,
    operation: refusal.operation,
    message: `expected success, got ${got(refusal, venueCode)}: ${verdict.meaning}${said(refusal)}`,
    ...(venueCode !== undefined && { venueCode }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** The venue's very words are not documented; text that fits neither side is taken for an order that is not open. */
const repeatedCancel =
  /repeat|duplicat|pending|in progress|already (?:being|received|requested|sent|submitted)/i;

/**
 * True if a refused cancel only says that the same cancel is under way already. The order may still be open: wait for its
 * events, and do not take it for gone. Source: docs, "Cancel Order" (the text; the code is missing in the table).
 */
export function isRepeatedCancel({ code, message }: Pick<VenueRefusal, 'code' | 'message'>): boolean {
  if (String(code) !== '300019' || message === undefined) return false;
  return !/non-?open|not open/i.test(message) && repeatedCancel.test(message);
}

/** Whatever the code: the session is over, and another one may be opened. */
const sessionEnd: Verdict = { kind: 'venueUnavailable', meaning: 'the venue ended the session' };

function judge(refusal: VenueRefusal, venueCode: string | undefined): Verdict {
  const rule = findErrorRule(venueCode ?? '', refusal.reason);
  if (rule !== undefined) return secondLook(refusal, rule.venueCode) ?? rule;
  const status = findHttpStatusRule(refusal.httpStatus ?? 0);
  if (status !== undefined) {
    const { kind, retryAfterMs } = status;
    return { kind, retryAfterMs, meaning: 'taken by its HTTP status' };
  }
  if (refusal.about === 'session') return sessionEnd;
  const kind = venueCode === undefined ? undefined : findGroupKind(venueCode);
  if (kind !== undefined) return { kind, meaning: 'not in the table of codes, taken by its group' };
  return { kind: 'unknown', meaning: 'not in the table of codes, so what it means is unknown' };
}

/** The codes that mean two things. */
function secondLook(refusal: VenueRefusal, venueCode: string): Verdict | undefined {
  const { about, message = '', reason = '' } = refusal;
  if (venueCode === '100005' && about === 'session') return sessionEnd;
  if (venueCode === '200001' && /time-?\s?stamp/i.test(`${message} ${reason}`))
    return { kind: 'timestampOutOfWindow', meaning: 'the signed time is too far from the venue' };
  if (venueCode === '300006' && isAboutExistingOrder(about, message))
    return { kind: 'orderNotFound', meaning: 'order unknown or finished' };
  if (isRepeatedCancel({ code: venueCode, message }))
    return { kind: 'invalidRequest', meaning: 'the cancel of this order is under way already' };
  return undefined;
}

function isAboutExistingOrder(about: RefusalSubject | undefined, message: string): boolean {
  if (about !== undefined) return about === 'cancel' || about === 'query';
  return /unable to find|not found|already (?:filled|cancell?ed)|non-?open/i.test(message);
}

function got({ code, reason, httpStatus }: VenueRefusal, venueCode: string | undefined): string {
  const parts = [
    code === undefined ? undefined : `code ${venueCode}`,
    reason === undefined || reason === '' ? undefined : excerpt(reason, 40),
    // Refusals come with HTTP 200 as a rule; any other status is news.
    httpStatus === undefined || (httpStatus === 200 && code !== undefined) ? undefined : `HTTP ${httpStatus}`,
  ];
  return parts.filter((part) => part !== undefined).join(' ') || 'a refusal without a code';
}

function said({ message }: VenueRefusal): string {
  return message === undefined || message === '' ? '' : ` ("${excerpt(message)}")`;
}
