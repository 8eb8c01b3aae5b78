import { expect, test } from 'vitest';
import type { LimitDefinition } from '../src/index.ts';
import { caseOf, limitOf, refusalOf, usedOf } from './limiter-case.ts';

const faults: readonly (readonly [string, unknown[], string, string])[] = [
  ['a link to nothing', [{ id: 'b' }], 'links[0].id', 'the id of a limit, got "b"'],
  ['a link to itself', [{ id: 'a' }], 'links[0].id', 'no cycle, got "a > a"'],
  ['a link that is null', [null], 'links[0]', 'an object, got null'],
  ['a link that is text', ['c'], 'links[0]', 'an object, got "c"'],
  ['a link twice', [{ id: 'c' }, { id: 'c', weight: 2 }], 'links[1].id', 'each limit once, got "c"'],
  ['a link of weight 0', [{ id: 'c', weight: 0 }], 'links[0].weight', 'a whole number from 1, got 0'],
  [
    'a link of half a weight',
    [{ id: 'c', weight: 0.5 }],
    'links[0].weight',
    'a whole number from 1, got 0.5',
  ],
];

test.for(faults)('%s is refused with its place', async ([, links, field, rest]) => {
  const limits = [{ ...limitOf('a', 9), links: links as LimitDefinition['links'] }, limitOf('c', 9)];
  const refusal = await refusalOf(() => caseOf(limits as LimitDefinition[]));
  expect(refusal).toMatchObject({ code: 'invalid-limits', limit: 'a', field });
  expect(refusal.message).toBe(`limit a, ${field}: expected ${rest}`);
});

test('a cycle over several limits is refused and shown without the way to it', async () => {
  const limits = [
    { id: 'way', links: [{ id: 'a' }] },
    { ...limitOf('a', 9), links: [{ id: 'b' }] },
    { ...limitOf('b', 9), links: [{ id: 'c' }] },
    { ...limitOf('c', 9), links: [{ id: 'a' }] },
  ];
  const refusal = await refusalOf(() => caseOf(limits));
  expect(refusal).toMatchObject({ code: 'invalid-limits', limit: 'c', field: 'links[0].id' });
  expect(refusal.message).toContain('expected no cycle, got "a > b > c > a"');
});

test('many ways between few limits are checked at once', () => {
  const layers = Array.from({ length: 60 }, (_, layer) => layer);
  const onward = (layer: number) => [
    { id: `left-${layer}` },
    { id: `right-${layer}`, weight: 1 + (layer % 3) },
  ];
  const limits: LimitDefinition[] = layers.flatMap((layer) => {
    const links = layer === 0 ? [{ id: 'root' }] : onward(layer - 1);
    return [
      { id: `left-${layer}`, links },
      { id: `right-${layer}`, links },
    ];
  });
  const { limiter } = caseOf([limitOf('root', 10), ...limits]);
  limiter.tryAcquire('left-59');
  expect(usedOf(limiter, 'root')).toEqual([3]);
});

test('a request is charged to its own limit and to all that are linked to it, theirs included', () => {
  const { limiter } = caseOf([
    { ...limitOf('order', 50), weight: 2, links: [{ id: 'requests' }, { id: 'orders', weight: 1 }] },
    { ...limitOf('requests', 50), links: [{ id: 'all', weight: 7 }] },
    limitOf('orders', 50),
    limitOf('all', 50),
    limitOf('other', 50),
  ]);
  limiter.tryAcquire('order');
  const used = () => limiter.usage().limits.map(({ windows }) => windows[0]?.used);
  expect(used()).toEqual([2, 2, 1, 7, 0]);
  limiter.tryAcquire('order', { weight: 5 });
  expect(used()).toEqual([7, 7, 2, 14, 0]);
});

test('a limit that is reached by several ways is charged once, with the greatest weight', () => {
  const { limiter } = caseOf([
    { id: 'light', links: [{ id: 'first', weight: 2 }, { id: 'second', weight: 4 }, { id: 'end' }] },
    { id: 'first', links: [{ id: 'end' }] },
    { id: 'second', links: [{ id: 'end', weight: 3 }] },
    limitOf('end', 50),
  ]);
  limiter.tryAcquire('light');
  expect(usedOf(limiter, 'end')).toEqual([3]);
  limiter.tryAcquire('light', { weight: 10 });
  expect(usedOf(limiter, 'end')).toEqual([13]);
  limiter.tryAcquire('first', { weight: 6 });
  expect(usedOf(limiter, 'end')).toEqual([19]);
});

test('the way that passes the weight on counts although another states one', () => {
  const ways = [{ id: 'stated', weight: 3 }, { id: 'passing' }];
  for (const links of [ways, [...ways].reverse()]) {
    const { limiter } = caseOf([
      { id: 'a', links },
      { id: 'stated', links: [{ id: 'end' }] },
      { id: 'passing', links: [{ id: 'end' }] },
      limitOf('end', 50),
    ]);
    limiter.tryAcquire('a');
    expect(usedOf(limiter, 'end')).toEqual([3]);
    limiter.tryAcquire('a', { weight: 5 });
    expect(usedOf(limiter, 'end')).toEqual([8]);
  }
});

test('all limits are charged or none', () => {
  const { limiter } = caseOf([
    { id: 'both', links: [{ id: 'wide' }, { id: 'narrow' }] },
    limitOf('wide', 9),
    limitOf('narrow', 1),
  ]);
  expect(limiter.tryAcquire('both')).toBeDefined();
  expect(limiter.tryAcquire('both')).toBeUndefined();
  expect(usedOf(limiter, 'wide')).toEqual([1]);
  expect(usedOf(limiter, 'narrow')).toEqual([1]);
});

test('a weight above what a linked limit lets through is too heavy, and says which', async () => {
  const { limiter, time } = caseOf([{ ...limitOf('a', 20), links: [{ id: 'b' }] }, limitOf('b', 8)]);
  const refusal = await refusalOf(() => limiter.run('a', () => 1, { weight: 9 }));
  expect(refusal).toMatchObject({ code: 'too-heavy', limit: 'b', retryAfterMs: undefined });
  expect(refusal.message).toBe('limit b: expected a weight of at most 8 in lane query, got 9');
  expect(() => limiter.tryAcquire('a', { weight: 9 })).toThrow('at most 8');
  expect(limiter.tryAcquire('a', { weight: 8 })?.weight).toBe(8);
  expect(time.pending).toBe(0);
});

test('what a request gives back or ends at linked limits is what it was charged there', () => {
  const { limiter } = caseOf([
    {
      ...limitOf('a', 50),
      weight: 2,
      links: [
        { id: 'b', weight: 5 },
        { id: 'c', weight: 7 },
      ],
    },
    limitOf('b', 50),
    { id: 'c', windows: [{ capacity: 50, policy: 'concurrent' }] },
  ]);
  const [first, second] = [limiter.tryAcquire('a'), limiter.tryAcquire('a')];
  const used = () => ['a', 'b', 'c'].map((id) => usedOf(limiter, id)[0]);
  expect(used()).toEqual([4, 10, 14]);
  first?.release();
  expect(used()).toEqual([2, 5, 7]);
  second?.done();
  expect(used()).toEqual([2, 5, 0]);
});
