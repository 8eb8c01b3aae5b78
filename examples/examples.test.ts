import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BookLevel, type BookView, decimal } from '@venuekit/connector-core';
import { createManualRuntime } from '@venuekit/connector-kit/testing';
import { redisNeeded, startRedis } from '@venuekit/tooling-vitest/redis-server';
import { testNeeding } from '@venuekit/tooling-vitest/requirement';
import { expect, test } from 'vitest';
import { createImaginarySpot } from './03-connector-in-memory.ts';

const folder = new URL('./', import.meta.url);
const run = promisify(execFile);

function runExample(
  file: string,
  args: readonly string[] = [],
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const path = fileURLToPath(new URL(file, folder));
  return run(process.execPath, ['--conditions=@venuekit/source', path, ...args], { timeout: 25_000 });
}

async function outputOf(file: string): Promise<string> {
  const { stdout, stderr } = await runExample(file);
  expect(stderr).toBe('');
  return stdout;
}

/** Runs a block as a reader would: in a file of its own, from the root of the repository. */
async function outputOfCode(code: string): Promise<string> {
  const file = `block-${randomUUID()}.ts`;
  const path = fileURLToPath(new URL(file, folder));
  writeFileSync(path, code);
  try {
    return await outputOf(file);
  } finally {
    rmSync(path);
  }
}

test('01-live-book prints a book that moves', async () => {
  const lines = (await outputOf('01-live-book.ts')).trim().split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(2);
  for (const line of lines) expect(line).toMatch(/^message \d+: bid \d+(\.\d+)? ask \d+(\.\d+)?$/);
});

test('02-trades-without-loss says where trades may be missing', async () => {
  const lines = (await outputOf('02-trades-without-loss.ts')).trim().split('\n');
  const kinds = lines.map((line) => line.split(' ')[0]);
  expect(kinds.join(' ')).toMatch(/^every( (buy|sell))+ trades every( (buy|sell))+$/);
  expect(kinds.filter((kind) => kind === 'buy' || kind === 'sell')).toHaveLength(3);
});

test('03-connector-in-memory is a connector of about a hundred lines that keeps the contract', async () => {
  const source = readFileSync(new URL('03-connector-in-memory.ts', folder), 'utf8');
  expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(110);
  const venue = createImaginarySpot();
  const order = { type: 'limit_maker', pair: 'GOLD-COIN', side: 'buy', amount: '0.5', price: '50' } as const;
  await expect(venue.trading.placeOrder(order)).rejects.toMatchObject({ code: 'not-connected' });
  await venue.connect();
  using market = await venue.marketData.open('GOLD-COIN', { streams: ['book'] });
  expect(market.book.read().state).toBe('live');
  await expect(venue.marketData.open('GOLD-COIN', { streams: ['trades'] })).rejects.toMatchObject({
    code: 'unsupported',
  });
  await expect(venue.trading.placeOrder({ ...order, price: '200' })).rejects.toMatchObject({
    ...{ code: 'invalid-order', outcome: 'not-sent', clientOrderId: expect.any(String) },
    rule: { field: 'price', rule: 'would-take' },
  });
  const placed = await venue.trading.placeOrder(order);
  expect(venue.trading.orders.get(placed.clientOrderId)).toMatchObject({ status: 'open' });
  const result = await venue.trading.cancelAll();
  expect(result).toMatchObject({ complete: true, canceled: [{ clientOrderId: placed.clientOrderId }] });
  await venue.close();
  expect([venue.state, venue.trading.state, market.book.read().state]).toEqual([
    'closed',
    'closed',
    'closed',
  ]);
});

test('03-connector-in-memory never fills an order that a listener has ended meanwhile', async () => {
  const runtime = createManualRuntime();
  const venue = createImaginarySpot({ runtime });
  await venue.connect();
  const { trading } = venue;
  const told: string[] = [];
  const rest = { type: 'limit_maker', pair: 'GOLD-COIN', amount: '0.5', increments: 'safe' } as const;
  const ended = new Promise<void>((resolve) => {
    trading.events.subscribe((event) => {
      if (!('order' in event)) return;
      told.push(event.kind);
      if (event.kind !== 'order-fill') return;
      // Both at once: the one that is reached in the same step, and the very one that is filled.
      void Promise.all(trading.orders.open().map((order) => trading.cancelOrder(order))).then(() =>
        resolve(),
      );
    });
  });
  using market = await venue.marketData.open('GOLD-COIN', { streams: ['book'] });
  const { bestBid } = live(market.book.read());
  for (const _ of [1, 2]) await trading.placeOrder({ ...rest, side: 'buy', price: bestBid.price });
  // From here on the price only falls: left to chance, it could stay away from the orders for minutes.
  runtime.chance = 0;
  await runtime.advance(1_000);
  await ended;
  await venue.close();
  expect(told).not.toContain('order-anomaly');
  expect(told.filter((kind) => kind === 'order-fill')).toHaveLength(1);
  expect(trading.orders.open()).toEqual([]);
});

test('04-make-a-market trades on both sides of the book and leaves nothing behind', async () => {
  const lines = (await outputOf('04-make-a-market.ts')).trim().split('\n');
  expect(lines.pop()).toBe('nothing is left at the venue');
  expect(lines).toHaveLength(4);
  for (const line of lines) expect(line).toMatch(/^(bought|sold) 0\.5 at \d+(\.\d+)?$/);
});

test('05-download-candles writes every candle and says what is not known', async () => {
  const { stdout, stderr } = await runExample('05-download-candles.ts');
  const lines = stdout.trim().split('\n');
  expect(lines[0]).toBe('open time,open,high,low,close,volume');
  expect(lines[1]).toBe('2026-01-01T00:00:00.000Z,100,100.5,100,100.25,1.5');
  expect(lines.filter((line) => /^2026-01-0[123]T/.test(line))).toHaveLength(3 * 22);
  expect(lines.filter((line) => line.startsWith('# nothing is known from'))).toHaveLength(3 * 2);
  expect(stderr.split('\r')).toEqual(['', '33 %', '67 %', '100 %\n']);
});

test('06-prove-a-connector runs the cards on a connector from outside, and names what is not proven', async () => {
  const output = await outputOf('06-prove-a-connector.ts');
  expect(output).toMatch(/^ℹ fail 0$/m);
  expect(Number(/^ℹ pass (\d+)$/m.exec(output)?.[1])).toBeGreaterThanOrEqual(50);
  expect(output).toMatch(/^✔ imaginary VK-BOOK-010: /m);
  expect(output).toMatch(/VK-TRADE-010: .*\(not-claimed: marketData\.streams\.trades\).*# SKIP/);
  expect(output).toMatch(/VK-BOOK-100: .*\(not-proven: the target cannot cut\).*# SKIP/);
});

test('07-request-weights charges each request to all that count it, and believes the exchange', async () => {
  expect((await outputOf('07-request-weights.ts')).trim().split('\n')).toEqual([
    ...['depth 200', 'orders 200', 'refused 429', 'penalised, again in 30 s'],
    ...['weight: 552 of 6000 in 60 s', 'orders: 5 of 100 in 10 s', 'orders: 5 of 200000 in 86400 s'],
  ]);
});

test('08-limits-by-order-type keeps the order of each type, and a cancel first', async () => {
  expect((await outputOf('08-limits-by-order-type.ts')).trim().split('\n')).toEqual([
    '11 went at once, 16 wait',
    expect.stringMatching(/^limit: 20 in order, the last after \d+ ms$/),
    expect.stringMatching(/^market: 6 in order, the last after \d+ ms$/),
    'cancel: 1 in order, the last after 0 ms',
  ]);
});

test('10-limits-that-change goes on in order while a limit is halved, and waits for all', async () => {
  expect((await outputOf('10-limits-that-change.ts')).trim().split('\n')).toEqual([
    ...['10 of 10 used, 20 wait', '10 of 5 used, 20 wait', '30 sent, in order', 'at most 20 waited'],
  ]);
});

test('11-limit-policy-of-an-exchange never sends more than fits into one of its windows', async () => {
  const [most, sent] = (await outputOf('11-limit-policy-of-an-exchange.ts')).trim().split('\n');
  expect(Number(most?.match(/^at most (\d+) in one window of the exchange$/)?.[1])).toBeLessThanOrEqual(10);
  expect(sent).toBe('25 sent with full-windows');
});

test('12-dialect-of-your-own serves another exchange, whose faults work as those of any', async () => {
  const lines = (await outputOf('12-dialect-of-your-own.ts')).trim().split('\n');
  const [, ask, bid] = /^BTC-USDT is sold for (\S+) and bought for (\S+)$/.exec(lines.shift() ?? '') ?? [];
  expect(Number(ask)).toBeGreaterThan(Number(bid));
  expect(lines.shift()).toBe('the order is open, paid 0, fee 0 USDT');
  expect(lines.pop()).toBe('a change of the book is missing');
  const [, paid, fee] = /^the order is filled, paid (\S+), fee (\S+) USDT$/.exec(lines.at(-1) ?? '') ?? [];
  expect(Number(paid)).toBeGreaterThan(0);
  expect(Number(fee)).toBeCloseTo(Number(paid) / 1_000, 8);
});

test('13-record-and-replay gives the book of the session again', async () => {
  const [live = '', replayed = '', counts] = (await outputOf('13-record-and-replay.ts')).trim().split('\n');
  expect(live).toMatch(/^live: message \d+, bid \d+(\.\d+)?, ask \d+(\.\d+)?$/);
  expect(replayed).toBe(live.replace('live', 'replayed'));
  expect(counts).toMatch(/^1 connection, \d+ frames, 1 answer, from \d+ lines$/);
});

testNeeding(
  test,
  { ...redisNeeded, timeoutMs: 30_000 },
  '09-limits-shared-by-processes keeps two processes within one limit',
  async () => {
    await using redis = await startRedis();
    const startMs = performance.now();
    const args = [String(redis.port), '8'];
    const outputs = await Promise.all([1, 2].map(() => runExample('09-limits-shared-by-processes.ts', args)));
    // Sixteen requests at ten a second: six of them had to wait for a second.
    expect(performance.now() - startMs).toBeGreaterThan(1_000);
    for (const { stdout, stderr } of outputs) {
      expect(stderr).toBe('');
      expect(stdout.trim().split('\n')).toEqual(Array.from({ length: 8 }, (_, at) => `request ${at + 1}`));
    }
  },
);

test('14-ladder prints five levels a side, what they sum up to, and what an order costs', async () => {
  const lines = (await outputOf('14-ladder.ts')).trim().split('\n');
  const rows = lines.slice(2, 12).map((line) => line.trim().split(/ +/));
  expect(rows.map(([name]) => name)).toEqual([...Array(5).fill('ask'), ...Array(5).fill('bid')]);
  const prices = rows.map(([, price]) => decimal(price as string));
  for (const [at, price] of prices.slice(1).entries()) expect(price.lessThan(prices[at]!)).toBe(true);
  // The sum of a side grows from the touch outwards by the amount of each level.
  for (const at of [1, 2, 3])
    expect(rows[at]?.[3]).toBe(
      decimal(rows[at]![2]!)
        .plus(rows[at + 1]![3]!)
        .toString(),
    );
  for (const at of [6, 7, 8])
    expect(rows[at]?.[3]).toBe(
      decimal(rows[at]![2]!)
        .plus(rows[at - 1]![3]!)
        .toString(),
    );
  expect(lines.slice(12)).toHaveLength(2);
});

test('15-imbalance prints what outweighs what, from -1 to 1', async () => {
  const lines = (await outputOf('15-imbalance.ts')).trim().split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(12);
  for (const line of lines) {
    const [, bids, asks, ratio] = /: bids (\S+) asks (\S+) imbalance (-?0(?:\.\d{1,3})?)$/.exec(line) ?? [];
    const [bid, ask] = [decimal(bids as string), decimal(asks as string)];
    const rounding = { decimalPlaces: 3, rounding: 'half-even' } as const;
    expect(bid.minus(ask).dividedBy(bid.plus(ask), rounding).toString(), line).toBe(ratio);
  }
});

test('16-depth-by-hand follows a book over a socket of its own', async () => {
  const lines = (await outputOf('16-depth-by-hand.ts')).trim().split('\n');
  expect(lines).toHaveLength(6);
  for (const line of lines.slice(0, 5)) {
    const [, bid, ask, units] = /^\d+: (\S+) (\S+), (\d+) hundredths, \d+ levels$/.exec(line) ?? [];
    expect(
      decimal(bid as string)
        .times('100')
        .toString(),
      line,
    ).toBe(units);
    expect(decimal(bid as string).lessThan(ask as string), line).toBe(true);
  }
});

/** A live book with a bid. */
function live(view: BookView): { readonly bestBid: BookLevel } {
  if (view.state !== 'live' || view.bestBid === undefined) throw new Error(`the book is ${view.state}`);
  return { bestBid: view.bestBid };
}

/** The TypeScript blocks of a document. */
function blocksOf(document: string): string[] {
  const text = readFileSync(new URL(document, folder), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code ?? '');
}

test.each([
  ['../packages/ascendex-spot/README.md', 2, /live 8n 0.0699 6990\nmessage 10 where 9 was due resyncing/],
  ['../packages/ascendex-wire/README.md', 2, /api\/pro\/v1\/cash\/balance/],
  ['../packages/connector-kit/README.md', 2, /live 9\.5[\s\S]*message 9 where 8 was due[\s\S]*'sell 503'/],
  ['../packages/exchange-simulator/README.md', 3, /BTC\/USDT[\s\S]*(^gap ETH\/USDT \d+\n[0-9a-f]{64}\n)\1/m],
  ['../docs/simulator/faults.md', 1, /^0\n$/],
  ['../docs/simulator/ascendex.md', 1, /^$/],
  ['../docs/simulator/dialects.md', 1, /^1\.5 0\n$/],
  ['../packages/rate-limiter/README.md', 1, /^reply to \/balance\nreply to \/order\n6\n$/],
])('the blocks of %s run', async (document, count, expected) => {
  const blocks = blocksOf(document);
  expect(blocks).toHaveLength(count);
  const outputs = await Promise.all(blocks.map((code) => outputOfCode(code)));
  expect(outputs.join('')).toMatch(expected);
});

test('every example has a test of its own here', () => {
  const tests = readFileSync(new URL(import.meta.url), 'utf8');
  const examples = readdirSync(folder).filter((file) => /^\d\d-.*\.ts$/.test(file));
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) expect(tests).toContain(`'${example}'`);
});

test('the examples in documents are these files, line for line', () => {
  for (const [document, example] of [
    ['../README.md', '01-live-book.ts'],
    ['../packages/ascendex-spot/README.md', '02-trades-without-loss.ts'],
    ['../packages/connector-testkit/README.md', '06-prove-a-connector.ts'],
  ] as const) {
    const code = readFileSync(new URL(example, folder), 'utf8').replace(/^\/\*\*[\s\S]*?\*\/\n/, '');
    expect(readFileSync(new URL(document, folder), 'utf8'), document).toContain(`\`\`\`ts\n${code}\`\`\`\n`);
  }
});
