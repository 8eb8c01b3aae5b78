import { expect, test } from 'vitest';
import { type Fault, faultKinds, parseFault } from './fault.ts';

test.each([
  ['drop@3', { kind: 'drop', atSeconds: 3 }],
  ['gap@0', { kind: 'gap', atSeconds: 0 }],
  ['silence@5.25+10', { kind: 'silence', atSeconds: 5.25, durationSeconds: 10 }],
  ['slow-snapshot@1+0.5', { kind: 'slow-snapshot', atSeconds: 1, durationSeconds: 0.5 }],
  ['epoch@2:BTC/USDT', { kind: 'epoch', atSeconds: 2, symbol: 'BTC/USDT' }],
  ['mute@2+1:bbo', { kind: 'mute', atSeconds: 2, durationSeconds: 1, channel: 'bbo' }],
  ['mute@2:depth:A/B', { kind: 'mute', atSeconds: 2, channel: 'depth', symbol: 'A/B' }],
  ['mute@2:depths', { kind: 'mute', atSeconds: 2, symbol: 'depths' }],
] satisfies [string, Fault][])('%s', (text, fault) => {
  expect(parseFault(text)).toEqual(fault);
});

test.each([
  ['drop', 'expected KIND@SECONDS or KIND@SECONDS+SECONDS such as drop@3, got "drop"'],
  ['drop@-1', 'got "drop@-1"'],
  ['drop@1e3', 'got "drop@1e3"'],
  ['', 'got ""'],
  ['explode@1', 'expected one of drop, gap,'],
  ['drop@1+2', 'drop: expected no duration, got 2'],
  ['drop@1:A/B', 'drop: expected no symbol, got A/B'],
  ['gap@1:depth', 'gap: expected no channel, got depth; only mute, lost-confirmation,'],
  ['mute@1:A/B:depth', 'got "mute@1:A/B:depth"'],
  ['mute@1:', 'got "mute@1:"'],
])('%s is refused', (text, message) => {
  expect(() => parseFault(text)).toThrow(message);
  expect(() => parseFault(text)).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});

test.each(faultKinds)('%s can be written without anything else', (kind) => {
  expect(parseFault(`${kind}@1`)).toEqual({ kind, atSeconds: 1 });
});
