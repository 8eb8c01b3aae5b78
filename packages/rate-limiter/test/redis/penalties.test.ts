import { expect } from 'vitest';
import { times } from './arrivals.ts';
import { storeTest, storeTestOfBoth, until } from './shared-store.ts';

const limits = ['a', 'b'].map((id) => ({ id, scope: 'ip', windows: [{ capacity: 10, windowMs: 60_000 }] }));
const reason = 'status 418 | "until" {later}\n\u{1f6d1} |';

storeTestOfBoth(
  'a penalty that one process lays on a scope stops the others, with its reason',
  async (store) => {
    const [one, other] = times(2, () => store.limiter(limits));
    one!.penalise('ip', one!.now() + 250, reason);
    const startMs = performance.now();
    const waiting = other!.acquire('b');
    await until(() => other!.usage().penalties.length === 1);
    expect(other!.usage().penalties).toMatchObject([{ scope: 'ip', reason }]);
    await expect(other!.acquire('a', { whenPenalised: 'refuse' })).rejects.toMatchObject({
      code: 'penalised',
    });
    await waiting;
    expect(performance.now() - startMs).toBeGreaterThan(230);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  },
);

storeTest(
  'whoever does not want to wait for the end of a penalty is refused when it is heard of',
  async (store) => {
    const [one, other] = times(2, () => store.limiter(limits));
    one!.penalise('ip', one!.now() + 60_000, reason);
    const refused = other!.acquire('a', { whenPenalised: 'refuse' });
    await expect(refused).rejects.toMatchObject({ code: 'penalised', limit: 'a' });
    await until(async () => (await store.tickets()) === 0);
  },
);

storeTest('a shorter penalty does not end a longer one of another process', async (store) => {
  const [one, other, third] = times(3, () => store.limiter(limits));
  one!.penalise('ip', one!.now() + 60_000, 'long');
  await until(async () => (await store.admin.hlen(store.key('penalties'))) === 1);
  other!.penalise('ip', other!.now() + 100, 'short');
  third!.acquire('a').catch(() => 0);
  await until(() => third!.usage().penalties.length === 1);
  expect(third!.usage().penalties).toMatchObject([{ reason: 'long' }]);
});

storeTest('a pardon is heard by the process that waits and by the others', async (store) => {
  const [one, other] = times(2, () => store.limiter(limits));
  one!.penalise('ip', one!.now() + 60_000, reason);
  const waiting = other!.acquire('a');
  await until(() => other!.usage().penalties.length === 1);
  one!.pardon('ip');
  const startMs = performance.now();
  await waiting;
  expect(performance.now() - startMs).toBeLessThan(10_000);
  await one!.acquire('a');
  expect(performance.now() - startMs).toBeLessThan(10_000);
  expect(store.events.filter(({ kind }) => kind === 'pardon')).toHaveLength(2);
});

storeTest('a penalty that the store forgot is told to it again', async (store) => {
  const [one, other] = times(2, () => store.limiter(limits));
  one!.penalise('ip', one!.now() + 60_000, reason);
  await until(async () => (await store.admin.hlen(store.key('penalties'))) === 1);
  await store.admin.del(store.key('penalties'));
  await until(async () => (await store.admin.hlen(store.key('penalties'))) === 1);
  other!.acquire('a').catch(() => 0);
  await until(() => other!.usage().penalties.length === 1);
  expect(other!.usage().penalties).toMatchObject([{ reason }]);
});

storeTest('a process knows what is used as of its last answer', async (store) => {
  const [one, other] = times(2, () => store.limiter(limits));
  await one!.acquire('a', { weight: 3 });
  await other!.acquire('a', { weight: 2 });
  expect(other!.usage().limits[0]!.windows[0]!.used).toBe(5);
  expect(one!.usage().limits[0]!.windows[0]!.used).toBe(3);
});

storeTest('a penalty on the scope of a linked limit stops a request as one on its own', async (store) => {
  const linked = [{ id: 'order', links: [{ id: 'a' }] }, ...limits];
  const [one, other] = times(2, () => store.limiter(linked));
  one!.penalise('ip', one!.now() + 60_000, reason);
  const refused = other!.acquire('order', { whenPenalised: 'refuse' });
  await expect(refused).rejects.toMatchObject({ code: 'penalised', limit: 'a' });
});

storeTest('of several penalties on one request the last to end counts', async (store) => {
  const linked = [{ id: 'order', windows: limits[0]!.windows, links: [{ id: 'a' }] }, ...limits];
  for (const long of ['ip', 'order']) {
    const shared = { keyPrefix: `${store.keyPrefix}-${long}` };
    const [one, other] = times(2, () => store.limiter(linked, shared));
    for (const scope of ['ip', 'order'])
      one!.penalise(scope, one!.now() + (scope === long ? 60_000 : 30_000), scope);
    await until(async () => (await store.admin.hlen(`{${shared.keyPrefix}}:penalties`)) === 2);
    const refused = other!.acquire('order', { whenPenalised: 'refuse' });
    await expect(refused).rejects.toMatchObject({ code: 'penalised', limit: long === 'ip' ? 'a' : 'order' });
  }
});
