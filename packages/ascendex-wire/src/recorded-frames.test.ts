import { describe, expect, test } from 'vitest';
import { createAscendexFrameFilter, withoutRequestId } from './recorded-frames.ts';

describe('the filter of a recording', () => {
  test.each([
    ['sent', '{"op":"sub","id":"a","ch":"depth:BTC/USDT,ETH/USDT"}'],
    ['sent', '{"op":"unsub","id":"a","ch":"bar:1d:BTC/USDT"}'],
    ['sent', '{"op":"req","id":"a","action":"depth-snapshot","args":{"symbol":"BTC/USDT"}}'],
    ['sent', '{"op":"pong"}'],
    ['received', '{"m":"connected","type":"unauth"}'],
    ['received', '{"m":"sub","id":"a","ch":"trades:BTC/USDT","code":0}'],
    ['received', '{"m":"depth","symbol":"BTC/USDT","data":{"ts":1,"seqnum":2,"asks":[],"bids":[]}}'],
    ['received', '{"m":"depth-snapshot","symbol":"BTC/USDT","data":{}}'],
    ['received', '{"m":"ping","hp":3}'],
    ['received', '{"m":"disconnected","code":100005,"reason":"closing"}'],
  ] as const)('keeps what is public: %s %s', (direction, text) => {
    expect(createAscendexFrameFilter()(direction, text)).toBe(true);
  });

  test.each([
    ['sent', '{"op":"auth","id":"a","t":1,"key":"k","sig":"s"}'],
    ['sent', '{"op":"sub","id":"a","ch":"order:cash"}'],
    ['sent', '{"op":"req","id":"a","action":"place-Order","args":{"symbol":"BTC/USDT"}}'],
    ['sent', '{"op":"something"}'],
    ['received', '{"m":"auth","id":"a","code":0}'],
    ['received', '{"m":"sub","id":"a","ch":"order:cshQtyfq8XLAA9kcf19h8bXHbAwwoqDo","code":0}'],
    ['received', '{"m":"order","accountId":"x","ac":"CASH","data":{}}'],
    ['received', '{"m":"balance","accountId":"x","ac":"CASH","data":{}}'],
    ['received', '{"m":"something"}'],
    ['received', '["m","depth"]'],
    ['received', '{"m":"depth"'],
  ] as const)('leaves out what is not, and what it does not know: %s %s', (direction, text) => {
    expect(createAscendexFrameFilter()(direction, text)).toBe(false);
  });

  test('an error is kept if it answers a request that was', () => {
    const keep = createAscendexFrameFilter();
    const error = (id: string) => `{"m":"error","id":"${id}","code":100005,"reason":"x","info":"y"}`;
    keep('sent', '{"op":"req","id":"public","action":"depth-snapshot","args":{"symbol":"A/B"}}');
    keep('sent', '{"op":"req","id":"private","action":"cancel-All"}');
    expect(keep('received', error('public'))).toBe(true);
    expect(keep('received', error('private'))).toBe(false);
    expect(keep('received', '{"m":"error","code":100005}')).toBe(false);
  });

  test('an error that answers one of very many requests is still kept, and the memory of them is bounded', () => {
    const keep = createAscendexFrameFilter();
    for (let at = 0; at <= 1_000; at += 1) keep('sent', `{"op":"sub","id":"${at}","ch":"depth:A/B"}`);
    expect(keep('received', '{"m":"error","id":"0"}')).toBe(false);
    expect(keep('received', '{"m":"error","id":"1"}')).toBe(true);
    expect(keep('received', '{"m":"error","id":"1000"}')).toBe(true);
  });
});

describe('without its id', () => {
  test.each(['sub', 'unsub', 'error'])('a frame of kind %s says the rest', (kind) => {
    const frame = `{"m":"${kind}","id":"a1","ch":"depth:BTC/USDT","code":0}`;
    expect(withoutRequestId(frame)).toBe(`{"m":"${kind}","ch":"depth:BTC/USDT","code":0}`);
  });

  test.each([
    '{"m":"sub","ch":"depth:BTC/USDT","code":0}',
    '{"m": "depth", "id": 36028838561668184, "p": "1.50"}',
    '{"m":"pong","id":"a"}',
    '{"m":"error","id":"a',
    '["id"]',
    '',
  ])('any other frame stays as it is: %s', (frame) => {
    expect(withoutRequestId(frame)).toBe(frame);
  });
});
