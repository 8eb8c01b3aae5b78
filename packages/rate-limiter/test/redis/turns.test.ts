import { expect } from 'vitest';
import { CountingServer, send, times } from './arrivals.ts';
import { storeTest, storeTestOfBoth, until } from './shared-store.ts';

const one = [{ id: 'a', windows: [{ capacity: 1, windowMs: 20 }] }];
// A grant that takes longer than half of this is given back, and its request stands behind the others again.
const quick = { allowanceMs: 300 };

storeTestOfBoth(
  'requests of one process go in the order of their coming, of several in turns',
  async (store) => {
    const limiters = times(2, () => store.limiter(one, quick));
    const server = new CountingServer();
    const sent = ['A1', 'A2', 'A3', 'A4'].map((by) => send(limiters[0]!, server, 'a', { by }));
    await until(async () => server.arrivals.length === 1 && (await store.tickets()) === 1);
    sent.push(send(limiters[1]!, server, 'a', { by: 'B1' }));
    await until(async () => (await store.tickets()) === 2);
    sent.push(send(limiters[1]!, server, 'a', { by: 'B2' }));
    await Promise.all(sent);
    expect(server.arrivals.map(({ by }) => by)).toEqual(['A1', 'A2', 'B1', 'A3', 'B2', 'A4']);
  },
);

storeTest('a lane goes before those below it, as long as they have patience', async (store) => {
  const patience = { place: 0, query: 200, background: 60_000 };
  const limiters = times(2, () => store.limiter(one, { ...quick, patience }));
  const server = new CountingServer();
  await limiters[0]!.acquire('a');
  const sent = [send(limiters[0]!, server, 'a', { lane: 'background', by: 'background' })];
  await until(async () => (await store.tickets()) === 1);
  sent.push(send(limiters[0]!, server, 'a', { lane: 'query', by: 'query' }));
  await until(async () => (await store.tickets()) === 2);
  for (let at = 0; at < 6; at += 1)
    sent.push(send(limiters[1]!, server, 'a', { lane: 'cancel', by: 'cancel' }));
  await Promise.all(sent);
  const order = server.arrivals.map(({ by }) => by);
  expect(order.at(-1)).toBe('background');
  expect(order[0]).toBe('cancel');
  // Each cancel comes into its turn anew, and after its patience the query goes before those.
  expect(order.indexOf('query')).toBeGreaterThanOrEqual(1);
  expect(order.indexOf('query')).toBeLessThanOrEqual(4);
});

storeTest(
  'few calls are made for each grant when four processes ask for more than there is',
  async (store) => {
    const limits = [{ id: 'a', windows: [{ capacity: 20, windowMs: 100 }] }];
    const limiters = times(4, () => store.limiter(limits, quick));
    const server = new CountingServer();
    const before = await store.scriptCalls();
    await Promise.all(times(80, (at) => send(limiters[at % 4]!, server, 'a')));
    expect((await store.scriptCalls()) - before).toBeLessThan(80 * 4);
    expect(server.worst(100)).toBeLessThanOrEqual(20);
  },
);
