import { expect, test } from 'vitest';
import type { Lane } from '../src/index.ts';
import { caseOf, follow, limitOf } from './limiter-case.ts';

const lanes: readonly Lane[] = ['cancel', 'place', 'query', 'background'];

/** Sends one request of a lane at each time and gives the order in which they went. */
async function orderOf(arrivals: readonly (readonly [number, Lane])[], patience = {}): Promise<string[]> {
  const { limiter, time } = caseOf([limitOf('a', 1, { windowMs: 100_000 })], { patience });
  const order: string[] = [];
  limiter.tryAcquire('a');
  for (const [atMs, lane] of arrivals) {
    await time.advanceTo(atMs);
    void limiter.run('a', () => order.push(`${lane} of ${atMs}`), { lane });
  }
  await time.advanceTo(2_000_000);
  return order;
}

test('of those who came at once the higher lane goes first', async () => {
  const arrivals = [...lanes].reverse().map((lane) => [10, lane] as const);
  expect(await orderOf(arrivals)).toEqual(lanes.map((lane) => `${lane} of 10`));
});

test('within a lane the first to come goes first', async () => {
  const order = await orderOf([
    [1, 'place'],
    [2, 'place'],
    [2, 'place'],
    [3, 'place'],
  ]);
  expect(order).toEqual(['place of 1', 'place of 2', 'place of 2', 'place of 3']);
});

test.for([
  ['place', 1_000],
  ['query', 5_000],
  ['background', 30_000],
] as const)('%s is overtaken by cancel only within %i ms', async ([lane, patienceMs]) => {
  const justBefore = `cancel of ${patienceMs - 1}`;
  const atOnce = `cancel of ${patienceMs}`;
  const order = await orderOf([
    [0, lane],
    [patienceMs - 1, 'cancel'],
    [patienceMs, 'cancel'],
  ]);
  expect(order).toEqual([justBefore, `${lane} of 0`, atOnce]);
});

test.for([
  ['query', 'place', 4_000],
  ['background', 'place', 29_000],
  ['background', 'query', 25_000],
] as const)('%s is overtaken by %s only within %i ms', async ([lower, higher, boundMs]) => {
  const order = await orderOf([
    [0, lower],
    [boundMs - 1, higher],
    [boundMs, higher],
  ]);
  expect(order).toEqual([`${higher} of ${boundMs - 1}`, `${lower} of 0`, `${higher} of ${boundMs}`]);
});

test('the patience can be set lane by lane', async () => {
  const order = await orderOf(
    [
      [0, 'place'],
      [199, 'cancel'],
      [200, 'cancel'],
    ],
    { place: 200 },
  );
  expect(order).toEqual(['cancel of 199', 'place of 0', 'cancel of 200']);
  const none = await orderOf(
    [
      [0, 'background'],
      [0, 'cancel'],
    ],
    { place: 0, query: 0, background: 0 },
  );
  expect(none).toEqual(['background of 0', 'cancel of 0']);
});

test('a lane that is never quiet does not starve another', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1, { windowMs: 100 })]);
  const low = follow(limiter, 'a', { lane: 'background' });
  const starved = follow(limiter, 'a', { lane: 'background' });
  for (let atMs = 0; atMs < 40_000; atMs += 50) {
    await time.advanceTo(atMs);
    void limiter.run('a', () => {}, { lane: 'cancel' });
  }
  expect(low.atMs).toBe(0);
  expect(starved.state).toBe('waiting');
  await time.advanceTo(70_000);
  // 600 came before its patience was over; at ten a second they and it take a minute.
  expect(starved.atMs).toBe(60_100);
});

test('the lane of a request is on its grant, and a lane without waiters changes nothing', () => {
  const { limiter } = caseOf([limitOf('a', 4)]);
  for (const lane of lanes) expect(limiter.tryAcquire('a', { lane })?.lane).toBe(lane);
});
