import { inspect, isDeepStrictEqual } from 'node:util';
import { VenueError } from '@venuekit/connector-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deepestJson, parseExactJson } from './exact-json.ts';

/** An independent reading of the rule, by hand and slow: a recursive parser that keeps the source of every number. */
function parseByHand(text: string): unknown {
  let at = 0;
  const skip = (): void => {
    while (/[\t\n\r ]/.test(text.charAt(at))) at += 1;
  };
  const value = (): unknown => {
    skip();
    const char = text.charAt(at);
    if (char === '[') return list();
    if (char === '{') return record();
    if (char === '"') return string();
    const token = /^[^\s,\]}]+/.exec(text.slice(at))?.[0] ?? '';
    at += token.length;
    return /^[-\d]/.test(token) ? number(token) : JSON.parse(token);
  };
  const string = (): string => {
    const start = at;
    for (at += 1; text.charAt(at) !== '"'; at += 1) if (text.charAt(at) === '\\') at += 1;
    at += 1;
    return JSON.parse(text.slice(start, at)) as string;
  };
  const list = (): unknown[] => {
    const items: unknown[] = [];
    at += 1;
    for (skip(); text.charAt(at) !== ']'; skip()) {
      if (text.charAt(at) === ',') at += 1;
      items.push(value());
    }
    at += 1;
    return items;
  };
  const record = (): object => {
    const entries: [string, unknown][] = [];
    at += 1;
    for (skip(); text.charAt(at) !== '}'; skip()) {
      if (text.charAt(at) === ',') at += 1;
      skip();
      const name = string();
      skip();
      at += 1;
      entries.push([name, value()]);
    }
    at += 1;
    return Object.fromEntries(entries);
  };
  return value();
}

function number(source: string): unknown {
  const value = Number(source);
  if (/^-?\d{16,}$/.test(source)) return source;
  return Number.isFinite(value) && asFraction(source) === asFraction(String(value)) ? value : source;
}

/** Exact value as numerator over a power of ten, reduced by its zeros. */
function asFraction(source: string): string {
  const [mantissa = '', exponent = '0'] = source.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  let numerator = BigInt(`${whole}${fraction}`.replace('-', ''));
  let power = Number(exponent) - fraction.length;
  while (numerator !== 0n && numerator % 10n === 0n) {
    numerator /= 10n;
    power += 1;
  }
  return numerator === 0n ? '0' : `${source.startsWith('-') ? '-' : ''}${numerator}e${power}`;
}

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });
const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant('0'),
      fc.tuple(fc.constantFrom(...'123456789'), digits(0, 25)).map((parts) => parts.join('')),
    ),
    fc.option(
      digits(1, 25).map((text) => `.${text}`),
      { nil: '' },
    ),
    fc.option(
      fc
        .tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), digits(1, 3))
        .map((parts) => parts.join('')),
      { nil: '' },
    ),
  )
  .map((parts) => parts.join(''));
const name = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'toString', '12345678901234567890'),
);
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    numberText,
    fc.constantFrom('true', 'false', 'null'),
    fc.oneof(fc.string({ unit: 'binary' }), digits(1, 30)).map((text) => JSON.stringify(text)),
    fc.array(tie('json'), { maxLength: 5 }).map((items) => `[ ${items.join(' ,')}]`),
    fc
      .uniqueArray(fc.tuple(name, tie('json')), { maxLength: 5, selector: ([key]) => key })
      .map((pairs) => `{${pairs.map(([key, item]) => `${JSON.stringify(key)} :${item}`).join(', ')} }`),
  ),
}));

function errorOf(text: string): VenueError {
  try {
    parseExactJson(text);
  } catch (error) {
    if (error instanceof VenueError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('numbers', () => {
  test.each([
    ['144115207815068068', '144115207815068068'],
    ['-144115207815068068', '-144115207815068068'],
    ['1000000000000000', '1000000000000000'],
    ['9007199254740993', '9007199254740993'],
    ['123456789012345', 123_456_789_012_345],
    ['1767225600123', 1_767_225_600_123],
    ['0.1', 0.1],
    ['0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'],
    ['12345678.123456789', '12345678.123456789'],
    ['1234567.123456789', 1_234_567.123456789],
    ['12345678.1234567891', '12345678.1234567891'],
    ['1.50000000000000000000', 1.5],
    ['1e400', '1e400'],
    ['-1e400', '-1e400'],
    ['1e-400', '1e-400'],
    ['0e999', 0],
    ['0.000000000000000000', 0],
    ['1e3', 1000],
    ['1E+22', 1e22],
    ['12345678901234567e5', '12345678901234567e5'],
    ['5e-324', 5e-324],
    ['4.9e-324', '4.9e-324'],
    ['-0', -0],
  ])('%s comes out as %j', (source, expected) => {
    expect(parseExactJson(source)).toBe(expected);
    expect(parseExactJson(`{"a":[${source}]}`)).toEqual({ a: [expected] });
  });

  test('digits inside text stay what they are', () => {
    const text = '{"id":"144115207815068068","n":144115207815068068,"q":"say \\"12345678901234567890\\""}';
    expect(parseExactJson(text)).toEqual({
      id: '144115207815068068',
      n: '144115207815068068',
      q: 'say "12345678901234567890"',
    });
  });
});

test('agrees with a parser by hand that keeps every number as text', () => {
  fc.assert(
    fc.property(json, (text) => {
      // Not `toStrictEqual`, which takes a property called `constructor` for the class.
      expect(isDeepStrictEqual(parseExactJson(text), parseByHand(text))).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});

test('accepts and refuses the very texts that JSON.parse does', () => {
  const mutated = fc
    .tuple(
      json,
      fc.nat(200),
      fc.constantFrom('', '"', '\\', '[', '}', ',', ':', '1e', '00', '\u0001', '-', 'x'),
    )
    .map(([text, at, patch]) => text.slice(0, at) + patch + text.slice(at + 1));
  fc.assert(
    fc.property(fc.oneof(mutated, fc.string(), fc.string({ unit: 'binary' })), (text) => {
      let good = true;
      try {
        JSON.parse(text);
      } catch {
        good = false;
      }
      if (good) parseExactJson(text);
      else {
        const error = errorOf(text);
        expect(error.code).toBe('protocol');
        expect(error.message.length).toBeLessThan(260);
        expect(error.message).toMatch(/at offset \d+, got /);
      }
    }),
    { numRuns: 5_000 },
  );
});

describe('hostile text', () => {
  test.each(['{"__proto__":{"admin":true},"n":1}', '{"__proto__":{"admin":true},"n":12345678901234567890}'])(
    'a __proto__ is a property like any other: %s',
    (text) => {
      const value = parseExactJson(text) as Record<string, unknown>;
      expect(Object.keys(value)).toEqual(['__proto__', 'n']);
      expect(value.admin).toBeUndefined();
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(({} as Record<string, unknown>).admin).toBeUndefined();
    },
  );

  test('nesting is bounded, and brackets inside text do not count', () => {
    const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(parseExactJson(nested(deepestJson))).toHaveLength(1);
    expect(errorOf(nested(deepestJson + 1)).message).toContain('expected at most 64 levels at offset 64');
    expect(errorOf('{"a":'.repeat(100_000)).code).toBe('protocol');
    const text = `{"a":"\\\\\\"${'['.repeat(500)}\\\\","b":[]}`;
    expect(parseExactJson(text)).toEqual(JSON.parse(text));
  });

  test('an error shows where, in at most 80 characters of foreign text, and its cause shows no more', () => {
    const text = `{"a":[${'1,'.repeat(5_000)}oops,${'2,'.repeat(5_000)}3]}`;
    const error = errorOf(text);
    expect(error.message).toContain('expected a value at offset 10006');
    expect(/got "(.*)"$/.exec(error.message)?.[1]?.length).toBeLessThanOrEqual(80);
    expect(error.message).toContain('oops');
    expect(inspect(error, { depth: 9 }).match(/1,/g)?.length ?? 0).toBeLessThan(60);
  });
});
