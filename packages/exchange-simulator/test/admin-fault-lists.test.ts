import { expect, test } from 'vitest';
import { type ListeningSimulator, startExchangeSimulator } from '../src/index.ts';

const market = { kind: 'synthetic', seed: 'lists', pairs: 1, traders: false } as const;

async function ask({ endpoints }: ListeningSimulator, path: string, body?: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(`${endpoints.adminUrl}${path}`, init);
  return [answer.status, await answer.json()];
}

test('what a list has done before one of it is refused is told, as far as it cannot be undone', async () => {
  await using simulator = await startExchangeSimulator({ market, adminPort: 0 });
  const [done, tooMuch] = [5, -99_999_999].map((amount) => `foreign-money@0,asset=USDT,amount=${amount}`);
  const balances = `/truth/balances?uid=${simulator.users[0]?.uid}`;
  const usdt = (total: string): unknown => [
    200,
    expect.arrayContaining([expect.objectContaining({ asset: 'USDT', total })]),
  ];
  expect(await ask(simulator, balances)).toEqual(usdt('100000'));
  const answer = await ask(simulator, '/faults', ['drop@9', done, 'halt@0', tooMuch]);
  const error = expect.stringMatching(/^foreign-money: .+; what is in "done" happened before it$/) as unknown;
  expect(answer).toEqual([400, { error, done: [done] }]);
  expect(await ask(simulator, balances)).toEqual(usdt('100005'));
  // What can be ended has been.
  expect(await ask(simulator, '/state')).toMatchObject([200, { faults: [] }]);
  const halted = await ask(simulator, '/faults', ['halt@0', tooMuch]);
  expect(halted).toEqual([400, { error: expect.not.stringContaining('done') as unknown }]);
});
