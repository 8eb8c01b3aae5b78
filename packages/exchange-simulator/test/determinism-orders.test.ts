import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  createExchangeSimulator,
  type ExchangeSimulator,
  randomScenario,
  type TruthEntry,
} from '../src/index.ts';
import { createSeededRandom, drawInteger } from '../src/seeded-random.ts';
import { createHandMadeRuntime, type HandMadeRuntime } from './hand-made-runtime.ts';
import { connectInMemory } from './memory-client.ts';

const symbols = ['BTC/USDT', 'ETH/USDT', 'PAXG/USDT'];

/** A customer who places and cancels what a seed says. */
class Customer {
  readonly answers: string[] = [];
  readonly #simulator: ExchangeSimulator;
  readonly #runtime: HandMadeRuntime;
  readonly #draw: (below: number) => number;
  readonly #priceOf: (symbol: string) => number;
  readonly #ids: [orderId: string, symbol: string][] = [];

  constructor(
    simulator: ExchangeSimulator,
    runtime: HandMadeRuntime,
    { seed, priceOf }: { seed: string; priceOf: (symbol: string) => number },
  ) {
    this.#priceOf = priceOf;
    const random = createSeededRandom(seed);
    this.#simulator = simulator;
    this.#runtime = runtime;
    this.#draw = (below) => drawInteger(random, 'customer', below);
  }

  get logIn(): object {
    const [t, key, sig] = this.#sign('stream');
    return { op: 'auth', t: Number(t), key, sig };
  }

  async act(): Promise<void> {
    const [oldest] = this.#ids;
    if (oldest !== undefined && this.#draw(3) === 0) {
      this.#ids.shift();
      const [orderId, symbol] = oldest;
      await this.#send('DELETE', 'order', { orderId, symbol, time: this.#runtime.clock.now() });
      return;
    }
    const symbol = symbols[this.#draw(2)] ?? '';
    const [tick, lot] = symbol === 'BTC/USDT' ? ['0.01', '0.00001'] : ['0.01', '0.0001'];
    const isMarket = this.#draw(3) === 0;
    const price = (this.#priceOf(symbol) * (0.98 + this.#draw(40) / 1_000)).toFixed(tick.length - 2);
    const answer = await this.#send('POST', 'order', {
      ...{ id: `order${String(this.#ids.length + this.answers.length).padStart(9, '0')}`, symbol },
      ...{
        time: this.#runtime.clock.now(),
        orderQty: (0.002 + this.#draw(50) / 1_000).toFixed(lot.length - 2),
      },
      ...(isMarket ? { orderType: 'market' } : { orderType: 'limit', orderPrice: price }),
      side: this.#draw(2) === 0 ? 'buy' : 'sell',
      respInst: ['ACK', 'ACCEPT'][this.#draw(2)],
    });
    const { orderId } = (answer as { data?: { info?: { orderId?: string } } }).data?.info ?? {};
    if (orderId !== undefined) this.#ids.push([orderId, symbol]);
  }

  #sign(path: string): readonly [time: string, key: string, signature: string] {
    const [user] = this.#simulator.users;
    const key = user?.keys[0];
    const time = `${this.#runtime.clock.now()}`;
    const hmac = createHmac('sha256', key?.revealSecret() ?? '').update(`${time}+${path}`);
    return [time, key?.key ?? '', hmac.digest('base64')];
  }

  async #send(method: string, path: string, body: object): Promise<unknown> {
    const [time, key, signature] = this.#sign(path);
    const group = this.#simulator.users[0]?.group;
    const request = new Request(`http://v.test/${group}/api/pro/v1/cash/${path}`, {
      ...{ method, body: JSON.stringify(body) },
      headers: { 'x-auth-key': key, 'x-auth-timestamp': time, 'x-auth-signature': signature },
    });
    const answer = Promise.resolve(this.#simulator.fetch(request)).then((response) => response.text());
    // What comes late or never is not waited for: time passes here only.
    const text = await Promise.race([answer.catch(String), soon()]);
    this.answers.push(text);
    return text.startsWith('{') ? JSON.parse(text) : {};
  }
}

/** Long after everything that comes at once. */
async function soon(): Promise<string> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  return 'nothing yet';
}

function textOf(entry: TruthEntry): string {
  return JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
}

/** Everything that leaves the exchange in half a minute of trading under a scenario of faults. */
async function record(seed: string): Promise<string> {
  const runtime = createHandMadeRuntime();
  const truth: TruthEntry[] = [];
  const simulator = createExchangeSimulator({
    ...{ market: { kind: 'synthetic', seed, pairs: 8 }, runtime },
    faults: randomScenario(seed, { seconds: 30, kinds: ['gap', 'late-frame', 'slow-engine', 'late-reply'] })
      .faults,
    truth: (entry) => truth.push(entry),
  });
  const priceOf = (symbol: string): number => {
    const book = truth.findLast((entry) => entry.kind === 'best' && entry.symbol === symbol);
    return book?.kind === 'best' ? Number(book.bid?.[0] ?? book.ask?.[0]) : 1;
  };
  const customer = new Customer(simulator, runtime, { seed, priceOf });
  const [user] = simulator.users;
  const client = connectInMemory(simulator, { path: `/${user?.group}/api/pro/v1/stream` });
  client.send(customer.logIn);
  client.send({ op: 'sub', ch: 'order:cash' });
  client.follow(symbols);
  for (let step = 0; step < 60; step += 1) {
    runtime.pass(500);
    client.send({ op: 'pong' });
    await customer.act();
  }
  simulator.close();
  return [...client.texts, ...customer.answers, ...truth.map(textOf)].join('\n');
}

test('the same seed, clock and customer give the same bytes twice, orders, fills and faults among them', async () => {
  const [one, two, other] = [await record('a'), await record('a'), await record('b')];
  expect(one.match(/"kind":"fill"/g)?.length).toBeGreaterThan(10);
  expect(one.match(/"change":"canceled"/g)?.length).toBeGreaterThan(3);
  expect(one).toContain('"kind":"fault"');
  expect(two).toBe(one);
  expect(other).not.toBe(one);
});
