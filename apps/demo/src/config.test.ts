import { expect, test } from 'vitest';
import { toConfig } from './config.ts';
import { readFlags } from './flags.ts';
import { InputError } from './input-error.ts';

function parse(...argv: string[]) {
  return toConfig(readFlags(argv));
}

test('without flags it is a synthetic market with a seed that is always the same', () => {
  expect(parse()).toEqual({
    source: { kind: 'synthetic', seed: 'venuekit' },
    pairs: undefined,
    seconds: undefined,
    headless: false,
    json: false,
    faults: [],
    port: undefined,
  });
});

test('a replay has a speed of 1 unless told', () => {
  const replay = { kind: 'replay', sessionFile: 'a.txt', productsFile: undefined };
  expect(parse('--replay', 'a.txt').source).toEqual({ ...replay, speed: 1 });
  expect(parse('--replay', 'a.txt', '--speed', '2.5').source).toEqual({ ...replay, speed: 2.5 });
  expect(parse('--replay', 'a.txt', '--speed', 'max', '--products', 'p.txt').source).toEqual({
    ...replay,
    productsFile: 'p.txt',
    speed: 'max',
  });
});

test('a url gives both endpoints', () => {
  expect(parse('--url', 'http://127.0.0.1:8080/').source).toEqual({
    kind: 'url',
    restUrl: 'http://127.0.0.1:8080',
    streamUrl: 'ws://127.0.0.1:8080/api/pro/v1/stream',
  });
  expect(parse('--url', 'https://venue.test').source).toMatchObject({
    streamUrl: 'wss://venue.test/api/pro/v1/stream',
  });
});

test('json is headless', () => {
  expect(parse('--json')).toMatchObject({ json: true, headless: true });
  expect(parse('--headless')).toMatchObject({ json: false, headless: true });
});

test('pairs are taken once each, in their order', () => {
  expect(parse('--pairs', 'ETH-USDT, BTC-USDT,ETH-USDT').pairs).toEqual(['ETH-USDT', 'BTC-USDT']);
});

test('numbers and faults', () => {
  const flags = ['--seconds', '0.5', '--port', '0', '--fault', 'drop@3', '--fault', 'x'];
  expect(parse(...flags)).toMatchObject({ seconds: 0.5, port: 0, faults: ['drop@3', 'x'] });
});

test.each([
  [['--seconds', '0'], '--seconds expects a number above 0, at most 86400, got "0"'],
  [['--seconds', '-5'], '--seconds expects a number above 0, at most 86400, got "-5"'],
  [['--seconds', 'ten'], '--seconds expects a number above 0, at most 86400, got "ten"'],
  [['--seconds', '90000'], '--seconds expects a number above 0, at most 86400, got "90000"'],
  [['--speed', 'fast', '--replay', 'a'], '--speed expects a number above 0, or max, got "fast"'],
  [['--port', '70000'], '--port expects a whole number from 0 to 65535, got "70000"'],
  [['--port', '8e3'], '--port expects a whole number from 0 to 65535, got "8e3"'],
  [['--pairs', 'A-B,,C-D'], '--pairs expects pairs such as BTC-USDT,ETH-USDT, got "A-B,,C-D"'],
  [['--speed', '2'], '--speed expects --replay beside it, got none'],
  [['--products', 'a'], '--products expects --replay beside it, got none'],
  [['--seed', 'a', '--replay', 'b'], '--seed cannot stand beside --replay, which has its own market'],
  [
    ['--url', 'http://a', '--fault', 'drop@1'],
    '--fault cannot stand beside --url, which starts no simulator',
  ],
  [['--url', '127.0.0.1:80'], '--url expects http://HOST:PORT, got "127.0.0.1:80"'],
  [['--url', 'ftp://a'], '--url expects http://HOST:PORT, got "ftp://a"'],
  [['--url', 'http://a/path'], '--url expects http://HOST:PORT, got "http://a/path"'],
])('%j is answered with a sentence', (argv, message) => {
  expect(() => parse(...argv)).toThrow(new InputError(message));
});
