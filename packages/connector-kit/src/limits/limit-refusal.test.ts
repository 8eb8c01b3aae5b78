import { VenueError } from '@venuekit/connector-core';
import { LimitError, type LimitErrorCode } from '@venuekit/rate-limiter';
import { expect, test } from 'vitest';
import { finalRefusal, toVenueError } from './limit-refusal.ts';

const call = { venue: 'v', operation: 'fetchBook' };
const refusal = (code: LimitErrorCode, retryAfterMs?: number) =>
  new LimitError({ code, message: 'why', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

test.each([
  ['deadline', 'rate-limited'],
  ['queue-full', 'rate-limited'],
  ['penalised', 'rate-limited'],
  ['unavailable', 'rate-limited'],
  ['too-heavy', 'invalid-request'],
  ['closed', 'closed'],
] as const)('a refusal %s is %s, with what the limiter said', (code, expected) => {
  const error = toVenueError(refusal(code, 1_234.5), call);
  expect(error).toBeInstanceOf(VenueError);
  expect(error).toMatchObject({ code: expected, ...call, retryAfterMs: 1_235, outcome: undefined });
  expect(error).toMatchObject({ cause: { code }, message: expect.stringMatching(/got none: why$/) });
});

test('a deadline is a timeout where it is the caller’s own', () => {
  const error = toVenueError(refusal('deadline'), { ...call, timeoutMs: 300 });
  expect(error).toMatchObject({ code: 'timeout', retryAfterMs: undefined });
  expect(error).toMatchObject({ message: expect.stringContaining('within 300 ms, got none') });
  expect(toVenueError(refusal('queue-full'), { ...call, timeoutMs: 300 })).toMatchObject({
    code: 'rate-limited',
  });
});

test('a command was not sent', () => {
  expect(toVenueError(refusal('penalised'), { ...call, isCommand: true })).toMatchObject({
    outcome: 'not-sent',
  });
});

test('an abort is the reason of the signal', () => {
  const cause = new Error('enough');
  expect(toVenueError(new LimitError({ code: 'aborted', message: 'given up', cause }), call)).toBe(cause);
});

test.each(['unknown-limit', 'invalid-request', 'invalid-limits'] as const)(
  'the mistake %s of a connector’s author stays what it is',
  (code) => {
    const error = refusal(code);
    expect(toVenueError(error, call)).toBe(error);
  },
);

test('whatever is no refusal of a limiter stays what it is', () => {
  const error = new TypeError('code');
  expect(toVenueError(error, call)).toBe(error);
  expect(toVenueError(undefined, call)).toBe(undefined);
});

test.each([
  ['too-heavy', 'invalid-request'],
  ['invalid-request', 'invalid-request'],
  ['unknown-limit', 'invalid-options'],
  ['closed', 'closed'],
] as const)('a refusal %s comes again however often it is asked, and is %s', (code, expected) => {
  const error = finalRefusal(refusal(code), call);
  expect(error).toBeInstanceOf(VenueError);
  expect(error).toMatchObject({ code: expected, ...call, outcome: undefined, cause: { code } });
  expect(error?.message).toMatch(/got none: why$/);
});

test.each(['deadline', 'queue-full', 'penalised', 'unavailable', 'aborted'] as const)(
  'after a refusal %s it is worth asking again',
  (code) => {
    expect(finalRefusal(refusal(code, 1), call)).toBe(undefined);
  },
);
