import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findSpan, readSpans } from './json-spans.ts';

test('every value of any JSON is found where it stands', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const spans = readSpans(text) ?? [];
      expect(spans.map(({ start, end }) => JSON.parse(text.slice(start, end)) as unknown)).toEqual(
        flatten(JSON.parse(text)),
      );
    }),
  );
});

/** The values within a value, each before those within it. */
function flatten(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  return [value, ...Object.values(value).flatMap(flatten)];
}

test('paths and kinds', () => {
  const text = '{"m":"x","data":{"":1,"list":[[],{"a":null}],"n":-1.5e3}}';
  expect(readSpans(text)?.map(({ path, depth, kind }) => [path, depth, kind])).toEqual([
    ['', 0, 'object'],
    ['m', 1, 'text'],
    ['data', 1, 'object'],
    ['data.', 2, 'number'],
    ['data.list', 2, 'array'],
    ['data.list.0', 3, 'array'],
    ['data.list.1', 3, 'object'],
    ['data.list.1.a', 4, 'literal'],
    ['data.n', 2, 'number'],
  ]);
  const spans = readSpans(text) ?? [];
  expect(findSpan(spans, 'a')?.path).toBe('data.list.1.a');
  expect(findSpan(spans, 'data.n')?.path).toBe('data.n');
  expect(findSpan(spans, 'b')).toBeUndefined();
});

test('what is no JSON has no spans, and depth does no harm', () => {
  expect(readSpans('{"a":')).toBeUndefined();
  expect(readSpans(`${'['.repeat(5_000)}${']'.repeat(5_000)}`)).toHaveLength(5_000);
});
