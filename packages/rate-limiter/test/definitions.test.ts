import { expect, test } from 'vitest';
import { createRateLimiter, type LimitDefinition } from '../src/index.ts';
import { caseOf, limitOf, refusalOf } from './limiter-case.ts';

const window = { capacity: 10, windowMs: 1_000 };
const withWindow = (more: object) => ({ id: 'a', windows: [{ ...window, ...more }] });
const list = 'one of sliding-window, token-bucket, concurrent, or an object';
const wholeFrom1 = 'a whole number from 1';

/** What is wrong, the definitions, the limit and the field at fault, what was expected, what was got. */
const faults: readonly (readonly [string, unknown, string, string, string, string])[] = [
  ['no list', 'a', 'list', 'limits', 'a list', '"a"'],
  ['an empty list', [], 'list', 'limits', 'at least one limit', '"none"'],
  ['a definition that is null', [null], '0', 'definition', 'an object', 'null'],
  ['a definition that is text', [limitOf('a', 1), 'b'], '1', 'definition', 'an object', '"b"'],
  ['an empty id', [{ ...limitOf('', 1) }], '""', 'id', 'a text that is not empty', '""'],
  ['an id that is a number', [{ ...limitOf('a', 1), id: 7 }], '7', 'id', 'a text that is not empty', '7'],
  ['an id twice', [limitOf('a', 1), limitOf('a', 2)], 'a', 'id', 'each id once', '"a"'],
  ['a weight of 0', [{ ...limitOf('a', 1), weight: 0 }], 'a', 'weight', wholeFrom1, '0'],
  ['a weight of a half', [{ ...limitOf('a', 1), weight: 0.5 }], 'a', 'weight', wholeFrom1, '0.5'],
  ['an empty scope', [{ ...limitOf('a', 1), scope: '' }], 'a', 'scope', 'a text that is not empty', '""'],
  [
    'a scope that is a number',
    [{ ...limitOf('a', 1), scope: 1 }],
    'a',
    'scope',
    'a text that is not empty',
    '1',
  ],
  ['windows that are no list', [{ id: 'a', windows: {} }], 'a', 'windows', 'a list', 'an object'],
  ['links that are no list', [{ id: 'a', links: 'b' }], 'a', 'links', 'a list', '"b"'],
  ['neither window nor link', [{ id: 'a' }], 'a', 'windows', 'a window, or links', '"neither"'],
  ['a window that is null', [{ id: 'a', windows: [null] }], 'a', 'windows[0]', 'an object', 'null'],
  ['a window that is a number', [{ id: 'a', windows: [window, 3] }], 'a', 'windows[1]', 'an object', '3'],
  ['no capacity', [withWindow({ capacity: 0 })], 'a', 'windows[0].capacity', wholeFrom1, '0'],
  ['a broken capacity', [withWindow({ capacity: 1.5 })], 'a', 'windows[0].capacity', wholeFrom1, '1.5'],
  ['a capacity as text', [withWindow({ capacity: '9' })], 'a', 'windows[0].capacity', wholeFrom1, '"9"'],
  [
    'a capacity whose share is inexact',
    [withWindow({ capacity: 2 ** 53 - 1 })],
    'a',
    'windows[0].capacity',
    wholeFrom1,
    '9007199254740991',
  ],
  ['a window of no length', [withWindow({ windowMs: 0 })], 'a', 'windows[0].windowMs', 'a time above 0', '0'],
  [
    'a window without end',
    [withWindow({ windowMs: Number.POSITIVE_INFINITY })],
    'a',
    'windows[0].windowMs',
    'a time above 0',
    'Infinity',
  ],
  [
    'a window without length',
    [{ id: 'a', windows: [{ capacity: 1 }] }],
    'a',
    'windows[0].windowMs',
    'a time above 0',
    'undefined',
  ],
  [
    'a window length as text',
    [withWindow({ windowMs: '5' })],
    'a',
    'windows[0].windowMs',
    'a time above 0',
    '"5"',
  ],
  [
    'a window of concurrent',
    [withWindow({ policy: 'concurrent' })],
    'a',
    'windows[0].windowMs',
    'none, as concurrent has no window',
    '1000',
  ],
  ['an unknown policy', [withWindow({ policy: 'leaky' })], 'a', 'windows[0].policy', list, '"leaky"'],
  [
    'a policy from a prototype',
    [withWindow({ policy: 'toString' })],
    'a',
    'windows[0].policy',
    list,
    '"toString"',
  ],
  ['a policy that is null', [withWindow({ policy: null })], 'a', 'windows[0].policy', list, 'null'],
  [
    'a policy that makes nothing',
    [withWindow({ policy: { name: 'x' } })],
    'a',
    'windows[0].policy',
    list,
    'an object',
  ],
  [
    'a negative allowance',
    [withWindow({ allowanceMs: -1 })],
    'a',
    'windows[0].allowanceMs',
    'a time from 0',
    '-1',
  ],
  [
    'an allowance that is no number',
    [withWindow({ allowanceMs: Number.NaN })],
    'a',
    'windows[0].allowanceMs',
    'a time from 0',
    'NaN',
  ],
  [
    'a share of 0',
    [{ ...limitOf('a', 1), sharePercent: 0 }],
    'a',
    'sharePercent',
    'a whole number from 1 to 100',
    '0',
  ],
  [
    'a share above all',
    [{ ...limitOf('a', 1), sharePercent: 101 }],
    'a',
    'sharePercent',
    'a whole number from 1 to 100',
    '101',
  ],
  [
    'a broken share',
    [{ ...limitOf('a', 1), sharePercent: 1.5 }],
    'a',
    'sharePercent',
    'a whole number from 1 to 100',
    '1.5',
  ],
  [
    'a share that leaves nothing',
    [{ ...limitOf('a', 9), sharePercent: 10 }],
    'a',
    'windows[0].capacity',
    'one of which 10 % is at least 1',
    '9',
  ],
  [
    'a reserve for the lowest lane',
    [withWindow({ reserved: { background: 1 } })],
    'a',
    'windows[0].reserved.background',
    'a lane of cancel, place, query',
    '"background"',
  ],
  [
    'a reserve for nobody',
    [withWindow({ reserved: { urgent: 1 } })],
    'a',
    'windows[0].reserved.urgent',
    'a lane of cancel, place, query',
    '"urgent"',
  ],
  [
    'a reserve of 0',
    [withWindow({ reserved: { cancel: 0 } })],
    'a',
    'windows[0].reserved.cancel',
    wholeFrom1,
    '0',
  ],
  [
    'a reserve of everything',
    [withWindow({ reserved: { cancel: 10 } })],
    'a',
    'windows[0].reserved.cancel',
    'less than the 10 there are',
    '10',
  ],
  [
    'reserves of everything together',
    [withWindow({ reserved: { cancel: 4, query: 6 } })],
    'a',
    'windows[0].reserved.query',
    'less than the 10 there are',
    '6',
  ],
];

test.for(faults)('%s is refused with its place', async ([, limits, limit, field, expected, got]) => {
  const refusal = await refusalOf(() => caseOf(limits as LimitDefinition[]));
  expect(refusal).toMatchObject({ code: 'invalid-limits', limit, field });
  expect(refusal.message).toBe(`limit ${limit}, ${field}: expected ${expected}, got ${got}`);
});

const tooSmall: readonly (readonly [string, LimitDefinition[], string, string])[] = [
  [
    'its own weight',
    [{ ...limitOf('a', 4), weight: 5 }],
    'windows[0].capacity',
    'at least 5, the weight of a request of a, got 4',
  ],
  [
    'the weight of a link',
    [limitOf('a', 4), { id: 'b', links: [{ id: 'a', weight: 5 }] }],
    'windows[0].capacity',
    'at least 5, the weight of a request of b, got 4',
  ],
  [
    'the weight that a link passes on',
    [limitOf('a', 4), { id: 'b', weight: 5, links: [{ id: 'a' }] }],
    'windows[0].capacity',
    'at least 5, the weight of a request of b, got 4',
  ],
  [
    'a weight in its second window',
    [{ id: 'a', weight: 5, windows: [window, { capacity: 3, windowMs: 60_000 }] }],
    'windows[1].capacity',
    'at least 5, the weight of a request of a, got 3',
  ],
  [
    'the weight after the allowance of a bucket',
    [{ ...limitOf('a', 10, { policy: 'token-bucket', allowanceMs: 100 }), weight: 10 }],
    'windows[0].capacity',
    'at least 10, the weight of a request of a, got "9, as the allowance takes the rest"',
  ],
];

test.for(tooSmall)('a capacity below %s is refused', async ([, limits, field, rest]) => {
  const refusal = await refusalOf(() => caseOf(limits));
  expect(refusal).toMatchObject({ code: 'invalid-limits', limit: 'a', field });
  expect(refusal.message).toBe(`limit a, ${field}: expected ${rest}`);
});

test('a weight that just fits is taken', () => {
  const limits = [
    { ...limitOf('a', 5), weight: 5 },
    { id: 'b', links: [{ id: 'a', weight: 5 }] },
  ];
  expect(caseOf(limits).limiter.tryAcquire('b')).toBeDefined();
});

test('a text in a message is cut off after 80 characters', async () => {
  const refusal = await refusalOf(() =>
    caseOf([{ ...limitOf('a', 1), scope: '' }, limitOf('x'.repeat(200), 0)]),
  );
  expect(refusal.field).toBe('scope');
  const long = await refusalOf(() => caseOf([withWindow({ capacity: 'y'.repeat(200) }) as never]));
  expect(long.message).toMatch(/got "y{80}"$/);
});

test('the share is rounded down, and the one of a limit goes before that of the limiter', () => {
  const limits = [limitOf('a', 19), { ...limitOf('b', 19), sharePercent: 100 }];
  const {
    limits: [a, b],
  } = caseOf(limits, { sharePercent: 10 }).limiter.usage();
  expect(a?.windows[0]?.capacity).toBe(1);
  expect(b?.windows[0]?.capacity).toBe(19);
});

test('a share of 1 in a hundred of the least capacity for it is 1', () => {
  const { limiter } = caseOf([{ ...limitOf('a', 100), sharePercent: 1 }]);
  expect(limiter.usage().limits[0]?.windows[0]?.capacity).toBe(1);
});

test('a limiter of the plainest kind needs nothing but limits', () => {
  using limiter = createRateLimiter({ limits: [{ id: 'a', windows: [window] }] });
  expect(limiter.usage().limits[0]).toMatchObject({ id: 'a', scope: 'a' });
  expect(limiter.usage().limits[0]?.windows[0]).toMatchObject({ policy: 'sliding-window', capacity: 10 });
});
