import { expect, test } from 'vitest';
import { type FaultKind, parseFault } from './fault.ts';

test.each([
  ['drop@3', { kind: 'drop', atSeconds: 3 }],
  ['gap@0', { kind: 'gap', atSeconds: 0 }],
  ['silence@5.25+10', { kind: 'silence', atSeconds: 5.25, durationSeconds: 10 }],
  ['slow-snapshot@1+0.5', { kind: 'slow-snapshot', atSeconds: 1, durationSeconds: 0.5 }],
] satisfies [string, { kind: FaultKind; atSeconds: number; durationSeconds?: number }][])(
  '%s',
  (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  },
);

test.each([
  ['drop', 'expected KIND@SECONDS or KIND@SECONDS+SECONDS such as drop@3, got "drop"'],
  ['drop@-1', 'got "drop@-1"'],
  ['drop@1e3', 'got "drop@1e3"'],
  ['', 'got ""'],
  ['explode@1', 'expected one of drop, gap,'],
  ['drop@1+2', 'drop: expected no duration, got 2'],
])('%s is refused', (text, message) => {
  expect(() => parseFault(text)).toThrow(message);
  expect(() => parseFault(text)).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});
