import { expect, test } from 'vitest';
import type { Grant } from '../src/index.ts';
import { caseOf, fill, follow, limitOf, usedOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

test('work may make requests of its own, which go on where there is room and wait where not', async () => {
  const { limiter, time } = caseOf([limitOf('a', 2)]);
  fill(limiter, 'a');
  const inner: Promise<number>[] = [];
  const outer = limiter.run('a', () => {
    inner.push(
      limiter.run('a', () => limiter.now()),
      limiter.run('a', () => limiter.now()),
    );
  });
  await time.advanceTo(5_000);
  await outer;
  expect(await Promise.all(inner)).toEqual([1_000, 2_000]);
});

test('a request from within work goes behind those who wait already', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1, { windowMs: 100 })]);
  limiter.tryAcquire('a');
  const order: string[] = [];
  void limiter.run('a', () => {
    order.push('first');
    void limiter.run('a', () => order.push('inner'));
  });
  void limiter.run('a', () => order.push('second'));
  await time.advanceTo(1_000);
  expect(order).toEqual(['first', 'second', 'inner']);
});

test('work that closes a scope holds up those behind it', async () => {
  const { limiter, time } = caseOf([limitOf('a', 3)]);
  fill(limiter, 'a');
  void limiter.run('a', () => limiter.penalise('a', 4_000, 'told to'));
  const refused = follow(limiter, 'a', { whenPenalised: 'refuse' });
  const behind = follow(limiter, 'a');
  await time.advanceTo(6_000);
  expect(refused).toMatchObject({ state: 'penalised', atMs: 1_000 });
  expect(behind.atMs).toBe(4_000);
});

test('work that closes the limiter is the last that starts', async () => {
  const { limiter, time } = caseOf([limitOf('a', 3)]);
  fill(limiter, 'a');
  const closing = limiter.run('a', () => limiter.close());
  const behind = follow(limiter, 'a');
  await time.advanceTo(1_000);
  await closing;
  expect(behind.state).toBe('closed');
  expect(usedOf(limiter, 'a')).toEqual([1]);
  expect(limiter.usage().running).toBe(0);
});

test('work that gives up others keeps them from starting', async () => {
  const { limiter, time } = caseOf([limitOf('a', 3)]);
  fill(limiter, 'a');
  const controller = new AbortController();
  void limiter.run('a', () => controller.abort());
  const given = follow(limiter, 'a', { signal: controller.signal });
  const next = follow(limiter, 'a');
  await time.advanceTo(1_000);
  expect([given.state, next.state]).toEqual(['aborted', 'granted']);
  expect(usedOf(limiter, 'a')).toEqual([2]);
});

test('work that gives its grant back makes room for the next at that moment', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  fill(limiter, 'a');
  const released = Array.from({ length: 50 }, () => limiter.run('a', (grant) => grant.release()));
  const last = follow(limiter, 'a');
  await time.advanceTo(1_000);
  await Promise.all(released);
  expect(last.atMs).toBe(1_000);
});

test('a giving back within work does not let one slip past those before it', async () => {
  const { limiter, time } = caseOf([limitOf('a', 2)]);
  const held = [limiter.tryAcquire('a'), limiter.tryAcquire('a')];
  const order: string[] = [];
  void limiter.run('a', () => {
    order.push('first');
    held[1]?.release();
    void limiter.run('a', () => order.push('inner'));
  });
  void limiter.run('a', () => order.push('second'), { weight: 2 });
  held[0]?.release();
  await time.advanceTo(9_000);
  expect(order).toEqual(['first', 'second', 'inner']);
});

test('work that changes the limits lets the others wait for the new ones', async () => {
  const { limiter, time } = caseOf([limitOf('a', 2), limitOf('b', 1)]);
  fill(limiter, 'a');
  fill(limiter, 'b');
  void limiter.run('a', () => limiter.setLimits([limitOf('a', 5)]));
  const same = [1, 2, 3, 4, 5].map(() => follow(limiter, 'a'));
  const gone = follow(limiter, 'b');
  await time.advanceTo(1_000);
  expect(gone.state).toBe('unknown-limit');
  expect(same.map(({ state }) => state)).toEqual(['granted', 'granted', 'granted', 'granted', 'waiting']);
  expect(usedOf(limiter, 'a')).toEqual([5]);
});

test('a limiter that is changed by the work of a request that did not wait goes on', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const grants: Grant[] = [];
  await limiter.run('a', (grant) => {
    grants.push(grant);
    limiter.setLimits([limitOf('a', 2)]);
  });
  expect(fill(limiter, 'a')).toBe(1);
  const waiting = follow(limiter, 'a');
  grants[0]?.replied();
  await time.advanceTo(1_000);
  expect(waiting.state).toBe('granted');
});

test('work that throws does not keep the next from starting', async () => {
  const { limiter, time } = caseOf([limitOf('a', 2)]);
  fill(limiter, 'a');
  const failing = limiter.run('a', () => {
    throw new Error('work');
  });
  const next = follow(limiter, 'a');
  const failed = failing.catch((error: Error) => error.message);
  await time.advanceTo(1_000);
  expect(await failed).toBe('work');
  expect(next.state).toBe('granted');
});

test('a clock that goes on during work is looked at again for each request', async () => {
  const { limiter, time } = caseOf([limitOf('a', 2, { windowMs: 100 })]);
  fill(limiter, 'a');
  const late = follow(limiter, 'a', { deadlineMs: 5_000 });
  const busy = limiter.run('a', () => time.jumpTo(400), { lane: 'cancel' });
  const expired = follow(limiter, 'a', { deadlineMs: 300 });
  await time.advanceTo(1_000);
  await busy;
  expect(late.atMs).toBe(400);
  expect(expired).toMatchObject({ state: 'deadline', atMs: 400 });
  await settled();
});

test('a long row of requests that give their grants back goes through at one moment', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)], { maxWaiting: 20_000 });
  fill(limiter, 'a');
  let count = 0;
  for (let at = 0; at < 20_000; at += 1) {
    void limiter.run('a', (grant) => {
      count += 1;
      grant.release();
    });
  }
  await time.advanceTo(1_000);
  expect(count).toBe(20_000);
});

test('work that makes room for one that was passed over already lets it in at that moment', async () => {
  const { limiter, time } = caseOf([limitOf('a', 2, { windowMs: 9_000 }), limitOf('b', 1)]);
  const held = limiter.tryAcquire('a', { weight: 2 });
  fill(limiter, 'b');
  const passedOver = follow(limiter, 'a');
  // The work goes on, so that its end does not let anybody in.
  void limiter.run('b', () => {
    held?.release();
    return new Promise(() => {});
  });
  await time.advanceTo(1_000);
  expect(passedOver.atMs).toBe(1_000);
});

test('an observer of a refusal may give up the next that is to be refused', async () => {
  const controller = new AbortController();
  const { limiter } = caseOf([limitOf('a', 1)], {
    observe: ({ kind }) => {
      if (kind === 'refused') controller.abort();
    },
  });
  fill(limiter, 'a');
  const first = follow(limiter, 'a', { whenPenalised: 'refuse' });
  const second = follow(limiter, 'a', { whenPenalised: 'refuse', signal: controller.signal });
  const third = follow(limiter, 'a');
  limiter.penalise('a', 500, 'told to');
  await settled();
  expect([first.state, second.state, third.state]).toEqual(['penalised', 'aborted', 'waiting']);
  expect(limiter.usage().waiting.all).toBe(1);
  expect(limiter.usage().limits[0]?.refused).toBe(2);
});

/** One of `rare` waits, of a limit that others do not need; three waits of `often` come after it, each of a kind of its own. */
const oneStandsBefore = [
  limitOf('rare', 1, { windowMs: 5_000 }),
  limitOf('often', 2),
  { id: 'one', links: [{ id: 'often' }] },
  { id: 'two', links: [{ id: 'often' }] },
  { id: 'three', links: [{ id: 'often' }] },
];

test('a cancel from within work goes before orders that could go at that moment', async () => {
  const { limiter, time } = caseOf(oneStandsBefore);
  fill(limiter, 'rare');
  fill(limiter, 'often');
  time.jumpTo(999);
  follow(limiter, 'rare', { lane: 'place' });
  const cancels: ReturnType<typeof follow>[] = [];
  void limiter.run('one', () => void cancels.push(follow(limiter, 'two', { lane: 'cancel' })), {
    lane: 'place',
  });
  const behind = follow(limiter, 'three', { lane: 'place' });
  await time.advanceTo(3_000);
  expect(cancels.map(({ atMs }) => atMs)).toEqual([1_000]);
  expect(behind.atMs).toBe(2_000);
});

test('work that gives up one before it leaves the others in order', async () => {
  const { limiter, time } = caseOf(oneStandsBefore);
  fill(limiter, 'rare');
  fill(limiter, 'often');
  time.jumpTo(999);
  const controller = new AbortController();
  follow(limiter, 'rare', { signal: controller.signal });
  void limiter.run('one', () => controller.abort());
  const [second, third] = [follow(limiter, 'two'), follow(limiter, 'three')];
  await time.advanceTo(3_000);
  expect([second.atMs, third.atMs]).toEqual([1_000, 2_000]);
});
