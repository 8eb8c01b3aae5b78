import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDraw } from '../src/simulation/index.ts';

test('draws the same numbers for the same seed, key and occurrence, whatever is drawn in between', () => {
  const keys = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 });
  fc.assert(
    fc.property(fc.string(), keys, (seed, order) => {
      const mixed = createDraw(seed);
      const drawn = order.map((key) => [key, mixed.integer(key, 0, 1_000_000)] as const);
      for (const key of ['a', 'b', 'c']) {
        const alone = createDraw(seed);
        const own = drawn.filter(([drawnKey]) => drawnKey === key).map(([, value]) => value);
        expect(own.map(() => alone.integer(key, 0, 1_000_000))).toEqual(own);
      }
    }),
  );
});

test('keeps to its bounds and reaches both of them', () => {
  const draw = createDraw('bounds');
  const drawn = new Set(Array.from({ length: 500 }, () => draw.integer('die', -2, 3)));
  expect([...drawn].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
  expect(draw.integer('one', 7, 7)).toBe(7);
});

test('gives every element of a list about the same share', () => {
  const draw = createDraw('shares');
  const counts = { left: 0, middle: 0, right: 0 };
  for (let time = 0; time < 3_000; time += 1) counts[draw.pick('side', ['left', 'middle', 'right'])] += 1;
  for (const count of Object.values(counts)) expect(Math.abs(count - 1_000)).toBeLessThan(120);
});

test('never happens at 0 percent, always at 100, and at 30 in about 30 of 100', () => {
  const draw = createDraw('percent');
  const happened = (percent: number): number =>
    Array.from({ length: 1_000 }, () => draw.chance('it', percent)).filter(Boolean).length;
  expect(happened(0)).toBe(0);
  expect(happened(100)).toBe(1_000);
  expect(Math.abs(happened(30) - 300)).toBeLessThan(60);
});

test('forks by label: the same draws under the same label, others under another or none', () => {
  const numbers = (draw: ReturnType<typeof createDraw>): readonly number[] =>
    Array.from({ length: 8 }, () => draw.integer('number', 0, 1_000_000));
  const draw = createDraw('fork');
  const left = numbers(draw.fork('left'));
  expect(numbers(draw.fork('left'))).toEqual(left);
  expect(numbers(draw.fork('right'))).not.toEqual(left);
  expect(numbers(draw)).not.toEqual(left);
  expect(numbers(createDraw('fork').fork('left'))).toEqual(left);
  expect(numbers(createDraw('other').fork('left'))).not.toEqual(left);
  expect(numbers(draw.fork('le').fork('ft'))).not.toEqual(left);
  expect(numbers(draw.fork('a').fork('left'))).not.toEqual(left);
  expect(numbers(draw.fork('a').fork('left'))).not.toEqual(numbers(draw.fork('b').fork('left')));
});

test('draws what it has always drawn, so that seeds written down stay what they are', () => {
  const draw = createDraw('fixed');
  const drawn = [draw.integer('a', 0, 999), draw.integer('a', 0, 999), draw.fork('f').integer('a', 0, 999)];
  expect(drawn).toEqual([265, 862, 25]);
});

test.each([
  ['bounds in the wrong order', () => createDraw('s').integer('key', 2, 1), /key: expected .*, got 2 and 1/],
  ['a bound that is not whole', () => createDraw('s').integer('key', 0, 1.5), /got 0 and 1.5/],
  ['bounds too far apart', () => createDraw('s').integer('key', 0, 2 ** 40), /less than 2\^32 apart/],
  ['an empty list', () => createDraw('s').pick('key', []), /key: expected a list with an element/],
  ['more than everything', () => createDraw('s').chance('key', 101), /from 0 to 100, got 101/],
])('refuses %s', (_title, act, message) => {
  expect(act).toThrow(message);
  expect(act).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});
