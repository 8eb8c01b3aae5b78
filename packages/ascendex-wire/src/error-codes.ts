import type { VenueErrorCode } from '@venuekit/connector-core';

/** What kind of refusal an error code is. */
export type ErrorKind =
  | 'auth'
  | 'permission'
  | 'rateLimited'
  | 'invalidRequest'
  | 'invalidOrder'
  | 'insufficientBalance'
  | 'orderNotFound'
  | 'marketUnavailable'
  | 'venueUnavailable'
  | 'timestampOutOfWindow'
  | 'unknown';

/**
 * Whether the same request may be sent again: `no`; `yes` after a wait; `reads-only` for requests that change nothing (look an
 * order up first); `read-once`; `after-repair` of what the error names; `later`, when the market or the ban has changed.
 */
export type RetryAdvice = 'no' | 'yes' | 'reads-only' | 'read-once' | 'after-repair' | 'later';

/** One row of the venue's table of error codes. */
export interface ErrorRule {
  /** The venue's code in digits. */
  readonly venueCode: string;
  /** The venue's word for it; `undefined` where none is documented. */
  readonly reason: string | undefined;
  /** What it says, in a few words. */
  readonly meaning: string;
  readonly kind: ErrorKind;
  readonly retry: RetryAdvice;
}

/** Our code for each kind. A kind that nobody knows is `protocol`: it is told, not guessed. */
export const kindCodes: Readonly<Record<ErrorKind, VenueErrorCode>> = {
  auth: 'authentication',
  permission: 'permission',
  rateLimited: 'rate-limited',
  invalidRequest: 'invalid-request',
  invalidOrder: 'invalid-order',
  insufficientBalance: 'insufficient-balance',
  orderNotFound: 'order-not-found',
  marketUnavailable: 'market-unavailable',
  venueUnavailable: 'venue-unavailable',
  timestampOutOfWindow: 'clock-skew',
  unknown: 'protocol',
};

function rule(
  code: number,
  reason: string | undefined,
  meaning: string,
  kind: ErrorKind,
  retry: RetryAdvice = 'no',
): ErrorRule {
  return { venueCode: String(code), reason, meaning, kind, retry };
}

/**
 * The venue's error codes. Three of them need a second look, see `toVenueError`: 200001, 300006 and 300019.
 *
 * Source: docs, "Appendix 1: Error Codes"; 100014 from the sample of "Risk Limit Info"; 300014 and 300019 are undocumented and
 * were seen in replies.
 */
export const errorRules: readonly ErrorRule[] = [
  rule(100001, 'INVALID_HTTP_INPUT', 'HTTP request malformed', 'invalidRequest'),
  rule(100002, 'DATA_NOT_AVAILABLE', 'needed data absent', 'invalidRequest', 'read-once'),
  rule(100003, 'KEY_CONFLICT', 'key exists', 'invalidRequest'),
  rule(100004, 'INVALID_REQUEST_DATA', 'bad field or argument', 'invalidRequest'),
  rule(100005, 'INVALID_WS_REQUEST_DATA', 'bad stream request', 'invalidRequest'),
  rule(100006, 'INVALID_ARGUMENT', 'bad argument', 'invalidRequest'),
  rule(100007, 'ENCRYPTION_ERROR', 'encryption failed', 'auth'),
  rule(100008, 'SYMBOL_ERROR', 'symbol unknown or unfit', 'marketUnavailable'),
  rule(100009, 'AUTHORIZATION_NEEDED', 'not authenticated', 'auth', 'after-repair'),
  rule(100010, 'INVALID_OPERATION', 'not allowed for this account', 'permission'),
  rule(100011, 'INVALID_TIMESTAMP', 'bad timestamp', 'timestampOutOfWindow', 'after-repair'),
  rule(100012, 'INVALID_STR_FORMAT', 'bad text format', 'invalidRequest'),
  rule(100013, 'INVALID_NUM_FORMAT', 'bad number format', 'invalidRequest'),
  rule(100014, 'MAX_REQ_COUNT_PER_IP', 'the IP is banned for its request rate', 'rateLimited', 'later'),
  rule(100101, 'UNKNOWN_ERROR', 'unspecified', 'unknown', 'reads-only'),
  rule(150001, 'INVALID_JSON_FORMAT', 'not a JSON object', 'invalidRequest'),
  rule(200001, 'AUTHENTICATION_FAILED', 'signature mismatch or expired key', 'auth'),
  rule(200002, 'TOO_MANY_ATTEMPTS', 'too many failures', 'rateLimited', 'yes'),
  rule(200003, 'ACCOUNT_NOT_FOUND', 'no such account', 'auth'),
  rule(200004, 'ACCOUNT_NOT_SETUP', 'account incomplete', 'permission'),
  rule(200005, 'ACCOUNT_ALREADY_EXIST', 'account exists', 'invalidRequest'),
  rule(200006, 'ACCOUNT_ERROR', 'account problem', 'auth'),
  rule(200007, 'CODE_NOT_FOUND', 'login code missing', 'auth'),
  rule(200008, 'CODE_EXPIRED', 'login code expired', 'auth'),
  rule(200009, 'CODE_MISMATCH', 'login code wrong', 'auth'),
  rule(200010, 'PASSWORD_ERROR', 'password wrong', 'auth'),
  rule(200011, 'CODE_GEN_FAILED', 'login code not produced in time', 'venueUnavailable', 'reads-only'),
  rule(200012, 'FAKE_COKE_VERIFY', 'verification failed', 'auth'),
  rule(200013, 'SECURITY_ALERT', 'security notice', 'permission'),
  rule(200014, 'RESTRICTED_ACCOUNT', 'account restricted', 'permission'),
  rule(200015, 'PERMISSION_DENIED', 'key lacks permission', 'permission'),
  rule(300001, 'INVALID_PRICE', 'price off grid or band', 'invalidOrder'),
  rule(300002, 'INVALID_QTY', 'amount off grid or bounds', 'invalidOrder'),
  rule(300003, 'INVALID_SIDE', 'bad side', 'invalidOrder'),
  rule(300004, 'INVALID_NOTIONAL', 'value out of bounds', 'invalidOrder'),
  rule(300005, 'INVALID_TYPE', 'bad order type', 'invalidOrder'),
  rule(300006, 'INVALID_ORDER_ID', 'malformed client id, or order unknown or finished', 'invalidOrder'),
  rule(300007, 'INVALID_TIME_IN_FORCE', 'bad time in force', 'invalidOrder'),
  rule(300008, 'INVALID_ORDER_PARAMETER', 'another bad parameter', 'invalidOrder'),
  rule(300009, 'TRADING_VIOLATION', 'rule breach by account or asset', 'permission'),
  rule(300011, 'INVALID_BALANCE', 'not enough funds', 'insufficientBalance'),
  rule(300012, 'INVALID_PRODUCT', 'unknown product', 'marketUnavailable'),
  rule(300013, 'INVALID_BATCH_ORDER', 'batch refused, see its items', 'invalidOrder'),
  rule(300014, 'TICK_SIZE_VIOLATION', 'price off tick', 'invalidOrder'),
  rule(300019, undefined, 'order not open, or its cancel repeated', 'orderNotFound'),
  rule(300020, 'TRADING_RESTRICTED', 'account or asset restricted', 'marketUnavailable'),
  rule(300021, 'TRADING_DISABLED', 'account or asset disabled', 'permission'),
  rule(300031, 'NO_MARKET_PRICE', 'no price for a market order', 'marketUnavailable', 'later'),
  rule(310001, 'INVALID_MARGIN_BALANCE', 'not enough margin funds', 'insufficientBalance'),
  rule(310002, 'INVALID_MARGIN_ACCOUNT', 'not a margin account', 'permission'),
  rule(310003, 'MARGIN_TOO_RISKY', 'leverage too high', 'invalidOrder'),
  rule(310004, 'INVALID_MARGIN_ASSET', 'asset not for margin', 'marketUnavailable'),
  rule(310005, 'INVALID_REFERENCE_PRICE', 'no reference price', 'marketUnavailable', 'later'),
  rule(510001, 'SERVER_ERROR', 'server fault', 'venueUnavailable', 'reads-only'),
  rule(900001, 'HUMAN_CHALLENGE', 'captcha failed', 'permission'),
];

/** Codes of the older interface that clients still meet. */
export const olderErrorRules: readonly ErrorRule[] = [
  rule(1900, undefined, 'bad HTTP input', 'invalidRequest'),
  rule(2100, undefined, 'API key failure', 'auth'),
  rule(5002, undefined, 'invalid symbol', 'marketUnavailable'),
  rule(6001, undefined, 'trading disabled on the symbol', 'marketUnavailable'),
  rule(6010, undefined, 'not enough funds', 'insufficientBalance'),
  rule(60060, undefined, 'order already finished', 'orderNotFound'),
  rule(600503, undefined, 'value too small', 'invalidOrder'),
];

/** Kinds of the groups of codes, by code divided by 10,000. The one system code divides to 51, so both numbers are here. */
const groupKinds: Readonly<Record<string, ErrorKind>> = {
  10: 'invalidRequest',
  15: 'invalidRequest',
  20: 'auth',
  30: 'invalidOrder',
  31: 'invalidOrder',
  50: 'venueUnavailable',
  51: 'venueUnavailable',
};

const everyRule = [...errorRules, ...olderErrorRules];
const byCode: ReadonlyMap<string, ErrorRule> = new Map(everyRule.map((entry) => [entry.venueCode, entry]));
const byReason: ReadonlyMap<string, ErrorRule> = new Map(
  everyRule.flatMap((entry) => (entry.reason === undefined ? [] : [[entry.reason, entry] as const])),
);

/** The row of a code, or else of a reason; `undefined` if neither is in the table. */
export function findErrorRule(venueCode: string, reason?: string): ErrorRule | undefined {
  return byCode.get(venueCode) ?? (reason === undefined ? undefined : byReason.get(reason));
}

/** The kind of a code's group, for codes that are not in the table; `undefined` if the group is not known either. */
export function findGroupKind(venueCode: string): ErrorKind | undefined {
  return /^\d{6}$/.test(venueCode) ? groupKinds[venueCode.slice(0, 2)] : undefined;
}
