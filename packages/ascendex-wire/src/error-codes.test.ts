import { describe, expect, test } from 'vitest';
import { type ErrorKind, errorRules, findErrorRule, kindCodes, olderErrorRules } from './error-codes.ts';
import { findHttpStatusRule } from './http-status.ts';
import { isRepeatedCancel, toVenueError } from './venue-refusal.ts';

/** The table of the protocol once more, by hand: code, reason (`-` for none), kind, retry. */
const table = `
100001 INVALID_HTTP_INPUT invalidRequest no
100002 DATA_NOT_AVAILABLE invalidRequest read-once
100003 KEY_CONFLICT invalidRequest no
100004 INVALID_REQUEST_DATA invalidRequest no
100005 INVALID_WS_REQUEST_DATA invalidRequest no
100006 INVALID_ARGUMENT invalidRequest no
100007 ENCRYPTION_ERROR auth no
100008 SYMBOL_ERROR marketUnavailable no
100009 AUTHORIZATION_NEEDED auth after-repair
100010 INVALID_OPERATION permission no
100011 INVALID_TIMESTAMP timestampOutOfWindow after-repair
100012 INVALID_STR_FORMAT invalidRequest no
100013 INVALID_NUM_FORMAT invalidRequest no
100014 MAX_REQ_COUNT_PER_IP rateLimited later
100101 UNKNOWN_ERROR unknown reads-only
150001 INVALID_JSON_FORMAT invalidRequest no
200001 AUTHENTICATION_FAILED auth no
200002 TOO_MANY_ATTEMPTS rateLimited yes
200003 ACCOUNT_NOT_FOUND auth no
200004 ACCOUNT_NOT_SETUP permission no
200005 ACCOUNT_ALREADY_EXIST invalidRequest no
200006 ACCOUNT_ERROR auth no
200007 CODE_NOT_FOUND auth no
200008 CODE_EXPIRED auth no
200009 CODE_MISMATCH auth no
200010 PASSWORD_ERROR auth no
200011 CODE_GEN_FAILED venueUnavailable reads-only
200012 FAKE_COKE_VERIFY auth no
200013 SECURITY_ALERT permission no
200014 RESTRICTED_ACCOUNT permission no
200015 PERMISSION_DENIED permission no
300001 INVALID_PRICE invalidOrder no
300002 INVALID_QTY invalidOrder no
300003 INVALID_SIDE invalidOrder no
300004 INVALID_NOTIONAL invalidOrder no
300005 INVALID_TYPE invalidOrder no
300006 INVALID_ORDER_ID invalidOrder no
300007 INVALID_TIME_IN_FORCE invalidOrder no
300008 INVALID_ORDER_PARAMETER invalidOrder no
300009 TRADING_VIOLATION permission no
300011 INVALID_BALANCE insufficientBalance no
300012 INVALID_PRODUCT marketUnavailable no
300013 INVALID_BATCH_ORDER invalidOrder no
300014 TICK_SIZE_VIOLATION invalidOrder no
300019 - orderNotFound no
300020 TRADING_RESTRICTED marketUnavailable no
300021 TRADING_DISABLED permission no
300031 NO_MARKET_PRICE marketUnavailable later
310001 INVALID_MARGIN_BALANCE insufficientBalance no
310002 INVALID_MARGIN_ACCOUNT permission no
310003 MARGIN_TOO_RISKY invalidOrder no
310004 INVALID_MARGIN_ASSET marketUnavailable no
310005 INVALID_REFERENCE_PRICE marketUnavailable later
510001 SERVER_ERROR venueUnavailable reads-only
900001 HUMAN_CHALLENGE permission no
1900 - invalidRequest no
2100 - auth no
5002 - marketUnavailable no
6001 - marketUnavailable no
6010 - insufficientBalance no
60060 - orderNotFound no
600503 - invalidOrder no`
  .trim()
  .split('\n')
  .map((line) => line.split(' ') as [code: string, reason: string, kind: ErrorKind, retry: string]);

const operation = 'placeOrder';

describe('every row of the table', () => {
  test.each(table)('%s %s is %s, retry %s', (code, reason, kind, retry) => {
    expect(findErrorRule(code)).toMatchObject({
      venueCode: code,
      reason: reason === '-' ? undefined : reason,
      kind,
      retry,
    });
    for (const given of [code, Number(code)]) {
      const error = toVenueError({ code: given, operation });
      expect(error).toMatchObject({ code: kindCodes[kind], venue: 'ascendex', operation, venueCode: code });
      expect(error.message).toContain(`expected success, got code ${code}`);
    }
    if (reason !== '-') expect(toVenueError({ reason, operation }).code).toBe(kindCodes[kind]);
  });

  test('is in the table above, and no other', () => {
    const codes = [...errorRules, ...olderErrorRules].map(({ venueCode }) => venueCode);
    expect(codes).toEqual(table.map(([code]) => code));
  });
});

test('kinds and codes', () => {
  expect(kindCodes).toEqual({
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
  });
});

describe('codes that mean two things', () => {
  test.each([
    ['API signature mismatch', 'authentication'],
    ['API key expired', 'authentication'],
    ['Invalid timestamp', 'clock-skew'],
    ['time stamp too old', 'clock-skew'],
    [undefined, 'authentication'],
  ])('200001 with %j is %s', (message, code) => {
    expect(toVenueError({ code: 200001, message, operation }).code).toBe(code);
  });

  test.each([
    ['place', undefined, 'invalid-order'],
    ['place', 'Unable to find the order', 'invalid-order'],
    ['cancel', undefined, 'order-not-found'],
    ['query', undefined, 'order-not-found'],
    [undefined, 'Unable to find the order', 'order-not-found'],
    [undefined, 'Order already filled or canceled', 'order-not-found'],
    [undefined, 'bad id', 'invalid-order'],
  ] as const)('300006 about %s with %j is %s', (about, message, code) => {
    expect(toVenueError({ code: 300006, message, about, operation }).code).toBe(code);
  });

  test.each([
    ['Trying to cancel non-open order', 'order-not-found', false],
    ['Order is not open any more: already filled', 'order-not-found', false],
    [undefined, 'order-not-found', false],
    ['something else', 'order-not-found', false],
    ['Repeated cancel of the same order', 'invalid-request', true],
    ['Duplicate cancel request', 'invalid-request', true],
    ['Cancel already submitted', 'invalid-request', true],
    ['Order already canceled', 'order-not-found', false],
  ])('300019 with %j is %s', (message, code, repeated) => {
    expect(toVenueError({ code: 300019, message, about: 'cancel', operation }).code).toBe(code);
    expect(isRepeatedCancel({ code: 300019, message })).toBe(repeated);
  });

  test('100005 ends a session, or refuses a request', () => {
    expect(toVenueError({ code: 100005, about: 'session', operation }).code).toBe('venue-unavailable');
    expect(toVenueError({ code: 100005, operation }).code).toBe('invalid-request');
    expect(toVenueError({ about: 'session', operation }).code).toBe('venue-unavailable');
    expect(toVenueError({ code: 777777, about: 'session', operation }).code).toBe('venue-unavailable');
    expect(toVenueError({ code: 200015, about: 'session', operation }).code).toBe('permission');
  });

  test('only the right code has a second meaning', () => {
    expect(isRepeatedCancel({ code: 300006, message: 'repeated' })).toBe(false);
    expect(toVenueError({ code: 200015, message: 'timestamp', operation }).code).toBe('permission');
  });
});

describe('codes that are not in the table', () => {
  test.each([
    [100999, 'invalid-request'],
    [150099, 'invalid-request'],
    [200099, 'authentication'],
    [300099, 'invalid-order'],
    [310099, 'invalid-order'],
    [500001, 'venue-unavailable'],
    [510099, 'venue-unavailable'],
  ])('%d is taken by its group: %s', (code, expected) => {
    const error = toVenueError({ code, operation });
    expect(error).toMatchObject({ code: expected, venueCode: String(code) });
    expect(error.message).toContain('not in the table of codes, taken by its group');
  });

  test.each([900099, 777777, 42, -1, '3000999', 'WHAT', '__proto__'])('%s is not guessed', (code) => {
    const error = toVenueError({ code, operation });
    expect(error).toMatchObject({ code: 'protocol', venueCode: String(code) });
    expect(error.message).toContain('so what it means is unknown');
  });

  test('a status says more than a group, and less than the table', () => {
    expect(toVenueError({ code: 100999, httpStatus: 503, operation }).code).toBe('venue-unavailable');
    expect(toVenueError({ code: 100008, httpStatus: 503, operation }).code).toBe('market-unavailable');
    expect(toVenueError({ code: 100999, httpStatus: 200, operation }).code).toBe('invalid-request');
  });

  test('foreign text is bounded', () => {
    const long = 'x'.repeat(10_000);
    const error = toVenueError({ code: long, reason: long, message: `${long}\n`, operation });
    expect(error.message.length).toBeLessThan(320);
    expect(error.message).not.toContain('\n');
  });
});

describe('HTTP statuses', () => {
  test.each([
    [400, false, 'invalidRequest'],
    [401, false, 'auth'],
    [403, true, 'rateLimited'],
    [403, false, 'permission'],
    [405, false, 'invalidRequest'],
    [414, true, 'invalidRequest'],
    [429, false, 'rateLimited'],
    [429, true, 'rateLimited'],
    [500, false, 'venueUnavailable'],
    [524, true, 'venueUnavailable'],
    [599, false, 'venueUnavailable'],
  ])('%d (page: %s) is %s', (status, html, kind) => {
    expect(findHttpStatusRule(status, html)?.kind).toBe(kind);
  });

  test.each([0, 200, 302, 404, 418, 600])('%d says nothing', (status) => {
    expect(findHttpStatusRule(status)).toBeUndefined();
  });

  test('a wait comes from the reply, or else from the table', () => {
    expect(toVenueError({ httpStatus: 429, operation }).retryAfterMs).toBe(60_000);
    expect(toVenueError({ httpStatus: 429, retryAfterMs: 5, operation }).retryAfterMs).toBe(5);
    expect(toVenueError({ code: 200002, operation }).retryAfterMs).toBeUndefined();
    expect(toVenueError({ httpStatus: 429, operation })).toMatchObject({ venueCode: undefined });
    expect(toVenueError({ operation }).message).toContain('got a refusal without a code');
  });
});
