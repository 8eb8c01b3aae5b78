import { describe, expect, test } from 'vitest';
import { decodeStreamFrame, type StreamMessage } from './stream-messages.ts';

const decode = (frame: unknown): StreamMessage => decodeStreamFrame(JSON.stringify(frame));

describe('session messages', () => {
  test.each([
    [
      { m: 'connected', type: 'unauth' },
      { type: 'connected', authenticated: false },
    ],
    [
      { op: 'connected', type: 'auth' },
      { type: 'connected', authenticated: true },
    ],
    [
      { m: 'ping', hp: 3 },
      { type: 'ping', hp: 3 },
    ],
    [{ m: 'ping' }, { type: 'ping', hp: undefined }],
    [
      { m: 'pong', code: 0, ts: 1767225600123, hp: 2 },
      { type: 'pong', venueTimeMs: 1767225600123 },
    ],
    [{ m: 'pong' }, { type: 'pong', venueTimeMs: undefined }],
    [
      { m: 'auth', id: 'a1', code: 0 },
      { type: 'auth', id: 'a1', error: undefined },
    ],
    [
      { m: 'auth', id: 7, code: '0', ack: 'ready' },
      { type: 'auth', id: '7', error: undefined },
    ],
  ])('%j', (frame, expected) => expect(decode(frame)).toEqual(expected));

  test('the end of a session says why, and is an error to reconnect after', () => {
    const frame = { m: 'disconnected', code: 100005, reason: 'INVALID_WS_REQUEST_DATA', info: 'no pongs' };
    expect(decode(frame)).toMatchObject({
      type: 'disconnected',
      code: '100005',
      reason: 'INVALID_WS_REQUEST_DATA',
      info: 'no pongs',
      error: { code: 'venue-unavailable', venueCode: '100005' },
    });
    expect(decode({ m: 'disconnected' })).toMatchObject({
      code: undefined,
      reason: undefined,
      error: { code: 'venue-unavailable' },
    });
  });

  test('a refused login', () => {
    expect(decode({ m: 'auth', id: 'a1', code: 200006, err: 'no account' })).toMatchObject({
      type: 'auth',
      id: 'a1',
      error: { code: 'authentication', operation: 'authenticate', venueCode: '200006' },
    });
  });

  test('a refused request', () => {
    const frame = {
      m: 'error',
      id: 'r1',
      code: 100005,
      reason: 'INVALID_WS_REQUEST_DATA',
      info: 'no such action',
    };
    expect(decode(frame)).toMatchObject({
      type: 'request-error',
      id: 'r1',
      info: 'no such action',
      error: { code: 'invalid-request', venueCode: '100005' },
    });
    expect(decode({ m: 'error', code: 100009 })).toMatchObject({
      id: undefined,
      error: { code: 'authentication' },
    });
  });

  test.each([
    [{ m: 'ping', hp: 'x' }, 'hp'],
    [{ m: 'pong', ts: -1 }, 'ts'],
    [{ m: 'auth', code: 'abc' }, 'code'],
    [{ m: 'auth', code: null }, 'code'],
    [{ m: 'sub', ch: 'depth:A/B', code: {} }, 'code'],
  ])('%j is refused and names %s', (frame, field) => {
    expect(() => decode(frame)).toThrow(expect.objectContaining({ code: 'protocol' }));
    expect(() => decode(frame)).toThrow(`: ${field}: expected`);
  });
});

describe('answers to subscriptions', () => {
  test.each([
    ['sub', { id: 's1', ch: 'depth:A/USDT', code: 0 }, 's1', 'depth', ['A/USDT']],
    ['sub', { ch: 'depth:A/USDT,B/USDT', code: '0' }, undefined, 'depth', ['A/USDT', 'B/USDT']],
    [
      'sub',
      { id: 's1', ch: 'order:cshSim000000000000000000000000A1', code: 0 },
      's1',
      'order',
      ['cshSim000000000000000000000000A1'],
    ],
    ['unsub', { id: 'u1', ch: 'bar:*:ASD/USDT' }, 'u1', 'bar:*', ['ASD/USDT']],
    ['unsub', { id: 'u1', ch: 'depth:*' }, 'u1', 'depth', ['*']],
    ['unsub', { id: 'u1', ch: 'depth' }, 'u1', 'depth', []],
    ['unsub', { id: 'u1' }, 'u1', '', []],
  ])('%s %j', (m, fields, id, channel, symbols) => {
    expect(decode({ m, ...fields })).toEqual({ type: `${m}-ack`, id, channel, symbols, error: undefined });
  });

  test('a refused one carries its error', () => {
    const frame = { m: 'sub', id: 's2', ch: 'depth:NOPE/USDT', code: 100008, reason: 'SYMBOL_ERROR' };
    expect(decode(frame)).toMatchObject({
      type: 'sub-ack',
      id: 's2',
      symbols: ['NOPE/USDT'],
      error: { code: 'market-unavailable', venueCode: '100008', operation: 'subscribe depth:NOPE/USDT' },
    });
  });
});
