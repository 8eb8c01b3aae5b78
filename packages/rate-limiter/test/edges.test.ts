import { expect, test } from 'vitest';
import { caseOf, fill, follow, limitOf, refusalOf, usedOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

test('all lanes together keep the capacity where something is reserved', () => {
  const { limiter } = caseOf([limitOf('a', 10, { reserved: { cancel: 2 } })]);
  expect(fill(limiter, 'a', { lane: 'query' })).toBe(8);
  expect(fill(limiter, 'a', { lane: 'cancel' })).toBe(2);
  expect(usedOf(limiter, 'a')).toEqual([10]);
});

test('beyond its reserve a lane waits behind those who came before it', async () => {
  const patience = { place: 0, query: 0, background: 0 };
  const { limiter, time } = caseOf([limitOf('a', 10, { reserved: { cancel: 2 } })], { patience });
  fill(limiter, 'a', { lane: 'query' });
  const low = follow(limiter, 'a', { lane: 'query', weight: 8 });
  const high = [1, 2, 3].map(() => follow(limiter, 'a', { lane: 'cancel' }));
  await settled();
  expect(high.map(({ state }) => state)).toEqual(['granted', 'granted', 'waiting']);
  await time.advanceTo(3_000);
  expect([low.atMs, high[2]?.atMs]).toEqual([1_000, 1_000]);
});

test('nobody slips past one who waits for more of what goes on at one time', async () => {
  const { limiter } = caseOf([
    { id: 's', windows: [{ capacity: 2, policy: 'concurrent' }] },
    { id: 'k', links: [{ id: 's' }] },
  ]);
  limiter.tryAcquire('s');
  const heavy = follow(limiter, 's', { weight: 2 });
  const light = follow(limiter, 'k');
  await settled();
  expect([heavy.state, light.state]).toEqual(['waiting', 'waiting']);
});

test('a sending after the window was over begins a window', () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const grant = limiter.tryAcquire('a');
  time.jumpTo(2_000);
  expect(usedOf(limiter, 'a')).toEqual([0]);
  grant?.sent();
  expect(limiter.tryAcquire('a')).toBeUndefined();
  time.jumpTo(3_000);
  expect(limiter.tryAcquire('a')).toBeDefined();
});

test('one behind a request whose deadline came goes at that moment', async () => {
  const { limiter, time } = caseOf([limitOf('a', 10)]);
  limiter.tryAcquire('a', { weight: 5 });
  const heavy = follow(limiter, 'a', { weight: 10, deadlineMs: 100 });
  const behind = follow(limiter, 'a');
  await time.advanceTo(3_000);
  expect([heavy.state, behind.atMs]).toEqual(['deadline', 100]);
});

test('no timer is left when the last who waited was refused at its deadline', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  limiter.tryAcquire('a');
  follow(limiter, 'a', { deadlineMs: 300 });
  await time.advanceTo(300);
  expect(time.pending).toBe(0);
});

test('work that closes the limiter leaves no timer for others', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1, { windowMs: 5_000 }), limitOf('b', 1)]);
  fill(limiter, 'a');
  fill(limiter, 'b');
  follow(limiter, 'a');
  void limiter.run('b', () => limiter.close());
  await time.advanceTo(1_000);
  expect(time.pending).toBe(0);
});

test('drain does not end while somebody waits for changed limits', async () => {
  const { limiter } = caseOf([limitOf('a', 1), limitOf('b', 1)]);
  fill(limiter, 'a');
  fill(limiter, 'b');
  follow(limiter, 'a');
  follow(limiter, 'b');
  let drained = false;
  void limiter.drain().then(() => (drained = true));
  limiter.setLimits([limitOf('b', 1)]);
  await settled();
  expect([drained, limiter.usage().waiting.all]).toEqual([false, 1]);
});

test('an observer may close while the limits are changed', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1), limitOf('b', 1)], {
    observe: ({ kind }) => kind === 'refused' && limiter.close(),
  });
  fill(limiter, 'a');
  fill(limiter, 'b');
  follow(limiter, 'a');
  const kept = follow(limiter, 'b');
  limiter.setLimits([limitOf('b', 1)]);
  await time.advanceTo(5_000);
  expect(kept.state).toBe('closed');
});

test('a grant has the weight that it was charged after a change of the limits', async () => {
  const { limiter, time, events } = caseOf([limitOf('a', 5)]);
  limiter.tryAcquire('a', { weight: 5 });
  const usual = follow(limiter, 'a');
  limiter.setLimits([{ ...limitOf('a', 5), weight: 3 }]);
  await time.advanceTo(1_000);
  expect([usual.grant?.weight, usedOf(limiter, 'a')]).toEqual([3, [3]]);
  expect(events.at(-1)).toMatchObject({ kind: 'admitted', weight: 3 });
});

test('who can go at once by a reserve is not refused for a full queue or its deadline', async () => {
  const { limiter } = caseOf([limitOf('a', 10, { reserved: { cancel: 2 } })], { maxWaiting: 1 });
  fill(limiter, 'a', { lane: 'background' });
  follow(limiter, 'a', { lane: 'background' });
  const high = follow(limiter, 'a', { lane: 'cancel' });
  const urgent = follow(limiter, 'a', { lane: 'cancel', deadlineMs: 0 });
  await settled();
  expect([high.state, urgent.state]).toEqual(['granted', 'granted']);
});

test('a listener hears that work ended whose grant was given back', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const running: number[] = [];
  limiter.watch((usage) => running.push(usage.running), { everyMs: 10 });
  const { promise, resolve } = Promise.withResolvers<void>();
  void limiter.run('a', (grant) => {
    grant.release();
    return promise;
  });
  await time.advanceTo(50);
  resolve();
  await time.advanceTo(500);
  expect(running.at(-1)).toBe(0);
});

test('a listener hears of a request that was refused at once', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const refused: (number | undefined)[] = [];
  limiter.watch(({ limits }) => refused.push(limits[0]?.refused), { everyMs: 10 });
  follow(limiter, 'a', { signal: AbortSignal.abort() });
  await time.advanceTo(500);
  expect(refused.at(-1)).toBe(1);
});

test('a request that left late is not in an earlier count of the server', () => {
  const { limiter, time } = caseOf([limitOf('a', 10)]);
  const late = limiter.tryAcquire('a');
  time.jumpTo(50);
  limiter.tryAcquire('a');
  time.jumpTo(100);
  late?.sent();
  limiter.report('a', 2, { sentAtMs: 60 });
  expect(usedOf(limiter, 'a')).toEqual([3]);
});

test('a deadline that is no number is refused', async () => {
  const { limiter } = caseOf([limitOf('a', 1)]);
  fill(limiter, 'a');
  expect(await refusalOf(() => limiter.run('a', () => 0, { deadlineMs: Number.NaN }))).toMatchObject({
    code: 'invalid-request',
    field: 'deadlineMs',
  });
});

test('a limit that moves into a closed scope refuses those who do not want to wait', async () => {
  const { limiter } = caseOf([
    { ...limitOf('a', 1), scope: 'x' },
    { ...limitOf('b', 1), scope: 'y' },
  ]);
  fill(limiter, 'a');
  limiter.penalise('y', 500, 'told to');
  const choosy = follow(limiter, 'a', { whenPenalised: 'refuse' });
  limiter.setLimits([{ ...limitOf('a', 1), scope: 'y' }]);
  await settled();
  expect(choosy.state).toBe('penalised');
});

test('what is in use stays in use where a window is counted in another way or a reserve comes', () => {
  const { limiter } = caseOf([limitOf('a', 3)]);
  fill(limiter, 'a');
  limiter.setLimits([limitOf('a', 3, { policy: 'token-bucket' })]);
  expect(usedOf(limiter, 'a')).toEqual([3]);
  const { limiter: other } = caseOf([limitOf('a', 10)]);
  fill(other, 'a', { lane: 'query' });
  other.setLimits([limitOf('a', 12, { reserved: { cancel: 2 } })]);
  expect(fill(other, 'a', { lane: 'query' })).toBe(0);
});

test('a listener that comes after the closing hears once and leaves no timer', () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  fill(limiter, 'a');
  limiter.close();
  limiter.watch(() => {});
  expect(time.pending).toBe(0);
});

test('a scope that is closed keeps no other limit from those who need only that, if room comes later anyway', async () => {
  const { limiter } = caseOf([limitOf('b', 2), { id: 'a', weight: 2, links: [{ id: 'b' }] }]);
  limiter.tryAcquire('b');
  limiter.penalise('a', 600, 'busy');
  const behindBoth = follow(limiter, 'a');
  const other = follow(limiter, 'b');
  await settled();
  expect([behindBoth.state, other.state]).toEqual(['waiting', 'granted']);
});

test('nobody passes by a reserve that is kept for the lanes above', async () => {
  const patience = { place: 0, query: 0, background: 0 };
  const { limiter, time } = caseOf([limitOf('a', 4, { reserved: { cancel: 2 } })], { patience });
  follow(limiter, 'a', { lane: 'query' });
  await time.advanceTo(200);
  const query = follow(limiter, 'a', { lane: 'query', weight: 2 });
  await time.advanceTo(400);
  const place = follow(limiter, 'a', { lane: 'place' });
  await time.advanceTo(3_000);
  expect([query.atMs, place.atMs]).toEqual([1_000, 2_000]);
});

test('one who is refused as one too many has held nobody back', async () => {
  const { limiter, time } = caseOf([limitOf('a', 2)], { maxWaiting: 1 });
  follow(limiter, 'a');
  await time.advanceTo(200);
  follow(limiter, 'a');
  await time.advanceTo(400);
  const waiting = follow(limiter, 'a', { lane: 'background' });
  time.jumpTo(1_000);
  const tooMany = follow(limiter, 'a', { lane: 'cancel', weight: 2 });
  await settled();
  expect([tooMany.state, waiting.state, waiting.atMs]).toEqual(['queue-full', 'granted', 1_000]);
});

test('nobody who waits on a signal that was aborted is let in by the room that the first of them leaves', async () => {
  const { limiter } = caseOf([limitOf('a', 10)]);
  const stopping = new AbortController();
  limiter.tryAcquire('a', { weight: 5 });
  const all = [8, 1].map((weight) => follow(limiter, 'a', { weight, signal: stopping.signal }));
  stopping.abort();
  await settled();
  expect(all.map(({ state }) => state)).toEqual(['aborted', 'aborted']);
});

test('a lane goes as soon as its own reserve has come back, whoever waits below it', async () => {
  const patience = { place: 0, query: 0, background: 0 };
  const { limiter, time } = caseOf([limitOf('a', 2, { reserved: { cancel: 1 } })], { patience });
  const follows = (lane: 'cancel' | 'place' | 'query' | 'background') => follow(limiter, 'a', { lane });
  await time.advanceTo(100);
  follows('cancel');
  await time.advanceTo(600);
  follows('place');
  const below = follows('background');
  await time.advanceTo(900);
  const cancel = follows('cancel');
  await time.advanceTo(3_000);
  expect([cancel.atMs, below.atMs]).toEqual([1_100, 1_600]);
});
