import { expect, test } from 'vitest';
import { channelKind, isWholeChannel, matchesTopic, parseTopics } from './topics.ts';

test.each([
  ['depth', 'depth:BTC/USDT', true],
  ['depth:*', 'depth:BTC/USDT', true],
  ['depth:BTC/USDT,ETH/USDT', 'depth:ETH/USDT', true],
  ['depth:BTC/USDT', 'depth:ETH/USDT', false],
  ['depth', 'trades:BTC/USDT', false],
  ['bar', 'bar:1:BTC/USDT', true],
  ['bar:1', 'bar:1:BTC/USDT', true],
  ['bar:1', 'bar:1d:BTC/USDT', false],
  ['bar:1:*', 'bar:1:BTC/USDT', true],
  ['bar:*:BTC/USDT', 'bar:1d:BTC/USDT', true],
  ['bar:*:BTC/USDT', 'bar:1d:ETH/USDT', false],
])('unsubscribing from %s ends %s: %s', (pattern, topic, ends) => {
  expect(matchesTopic(pattern, topic)).toBe(ends);
});

test('the channel is everything before the last colon', () => {
  expect(parseTopics('bar:1:BTC/USDT,ETH/USDT,BTC/USDT')).toEqual({
    channel: 'bar:1',
    symbols: ['BTC/USDT', 'ETH/USDT'],
  });
  expect(parseTopics('depth')).toEqual({ channel: 'depth', symbols: [] });
});

test('channels are public, private, or unknown', () => {
  expect(['bar:1', 'order', 'depth-realtime', 'weather'].map(channelKind)).toEqual([
    'public',
    'private',
    'private',
    'unknown',
  ]);
});

test.each([
  ['depth', true],
  ['summary', true],
  ['bar:1', true],
  ['bar:1m', true],
  ['depth:x', false],
  ['bbo:1:2', false],
  ['bar', false],
  ['bar:99', false],
  ['bar:1:1', false],
])('a subscription can name %s: %s', (channel, whole) => {
  expect(isWholeChannel(channel)).toBe(whole);
});
