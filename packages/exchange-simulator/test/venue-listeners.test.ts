import { afterEach, expect, test } from 'vitest';
import {
  type AccountUpdate,
  createExchangeSimulator,
  createSeededRandom,
  createTruthMemory,
  createVirtualTime,
  type Dialect,
  type ExchangeSimulator,
  type MarketEvent,
  moneyText,
  type TradingDesk,
  type TruthSink,
  type Venue,
  type VirtualTime,
} from '../src/index.ts';
import { createPlainDialect } from './plain-dialect.ts';

let open: ExchangeSimulator | undefined;
afterEach(() => open?.close());

interface Stage {
  readonly simulator: ExchangeSimulator;
  readonly time: VirtualTime;
  readonly venue: Venue;
  readonly desk: TradingDesk;
  /** A limit order of BTC/USDT, in hundredths of a coin, at a price that no trader stands at. */
  submit(id: string, account: string, side: 'buy' | 'sell', hundredths: number): void;
  /** What all customers have together, and what orders hold of it. */
  wealth(): Readonly<Record<'BTC' | 'USDT', string>>;
}

/** Two customers, `cash1` and `cash2`, beside the traders of a pair; whoever listens to the market is `deliver`. */
function stage({
  deliver = () => {},
  truth,
}: {
  deliver?: (event: MarketEvent) => void;
  truth?: TruthSink;
} = {}): Stage {
  const plain = createPlainDialect();
  const { name, nameUser } = plain;
  const dialect: Dialect = {
    ...{ name, nameUser },
    open(venue) {
      const opened = plain.open(venue);
      venue.market.open({
        ...{ deliver, leftOut: () => {} },
        ...{ follows: () => true, wantsLevels: () => true, crowded: () => false },
      });
      return opened;
    },
  };
  const time = createVirtualTime(Date.UTC(2026, 0, 1));
  const balances = { BTC: '10', USDT: '1000000' };
  const simulator = createExchangeSimulator({
    ...{ market: { kind: 'synthetic', seed: 7, pairs: 1 }, dialect, users: [{ balances }, { balances }] },
    ...(truth && { truth }),
    runtime: { ...time, random: createSeededRandom('runtime') },
  });
  open = simulator;
  const { venue } = plain;
  const desk = venue.desk as TradingDesk;
  const listing = venue.listings.get('BTC/USDT');
  const book = venue.market.liveBook('BTC/USDT', 1);
  const ticks = (side: 'bids' | 'asks'): number => listing?.ticksOf(book?.[side][0]?.[0] ?? '') ?? 0;
  const priceTicks = Math.floor((ticks('bids') + ticks('asks')) / 2);
  const lots = listing?.lotsOf('0.01') ?? 0;
  const total = (asset: string): string =>
    moneyText(['cash1', 'cash2'].reduce((sum, account) => sum + desk.balance(account, asset).total, 0n));
  return {
    ...{ simulator, time, venue, desk },
    submit(id, account, side, hundredths) {
      const order = { id, account, side, priceTicks, sizeLots: hundredths * lots, clientId: '' };
      desk.submit({ ...order, symbol: 'BTC/USDT', kind: 'limit' });
    },
    wealth: () => ({ BTC: total('BTC'), USDT: total('USDT') }),
  };
}

function shortOf(update: AccountUpdate): string {
  return update.kind === 'order' ? `${update.orderId} ${update.change}` : update.reason;
}

/** Fees of all fills of both, which is all that may be missing. */
function feesPaid({ desk }: Stage): bigint {
  const orders = ['cash1', 'cash2'].flatMap((account) => [
    ...desk.openOrders(account),
    ...desk.endedOrders(account),
  ]);
  return orders.reduce((sum, { fee }) => sum + fee, 0n);
}

test.each(['an operator’s cancel', 'a cancel of their own', 'an order of their own'])(
  'whoever is told of a fill and answers with %s makes and loses no money',
  (answer) => {
    const given = stage();
    const { desk, simulator } = given;
    const told: string[] = [];
    desk.subscribe('cash1', (update) => {
      told.push(shortOf(update));
      if (told.filter((text) => text.endsWith('filled')).length !== 1) return;
      if (answer === 'an operator’s cancel') simulator.inject({ kind: 'venue-cancel', atSeconds: 0 });
      else if (answer === 'a cancel of their own') desk.cancel('cash1', 'second', 'BTC/USDT');
      else given.submit('third', 'cash1', 'sell', 10);
    });
    given.submit('first', 'cash1', 'sell', 10);
    given.submit('second', 'cash1', 'sell', 10);
    given.submit('taker', 'cash2', 'buy', 30);
    expect(told.slice(2, 4)).toEqual(['first filled', 'second filled']);
    expect(given.wealth().BTC).toBe('20');
    const [left] = desk.openOrders('cash2');
    const held = (left?.sizeLots ?? 0) - (left?.filledLots ?? 0);
    if (answer === 'an order of their own') expect(held).toBe(0);
    expect(desk.balance('cash2', 'USDT').held > 0n).toBe(held > 0);
    expect(desk.balance('cash1', 'BTC').held).toBe(0n);
    const missing = 2_000_000_000_000_000n - unitsOf(given, 'USDT');
    expect(missing).toBe(feesPaid(given));
    expect(desk.order('cash2', 'taker')?.fee).toBeGreaterThan(0n);
  },
);

function unitsOf({ desk }: Stage, asset: string): bigint {
  return ['cash1', 'cash2'].reduce((sum, account) => sum + desk.balance(account, asset).total, 0n);
}

test('a listener that throws keeps nothing from anybody, and what it threw is counted', () => {
  const given = stage();
  const told: string[] = [];
  given.desk.subscribe('cash1', () => {
    throw new Error('a mistake in it');
  });
  given.desk.subscribe('cash1', (update) => told.push(shortOf(update)));
  given.submit('maker', 'cash1', 'sell', 10);
  given.submit('taker', 'cash2', 'buy', 10);
  expect(told).toEqual(['maker accepted', 'maker filled']);
  expect(given.desk.order('cash2', 'taker')?.phase).toBe('filled');
  expect(given.wealth().BTC).toBe('20');
  expect(given.simulator.stats.dialect).toEqual({ failures: 2, newest: 'Error: a mistake in it' });
});

test.each(['depth', 'trades', 'top', 'levels'] as const)(
  'an audience that throws at %s is told of the next one all the same',
  (kind) => {
    let heard = 0;
    const given = stage({
      deliver(event) {
        if (event.kind !== kind) return;
        heard += 1;
        throw new Error('a mistake in it');
      },
    });
    given.time.runUntil(given.time.clock.now() + 60_000);
    expect(heard).toBeGreaterThan(10);
    expect(given.simulator.stats.dialect.failures).toBe(heard);
  },
);

test('the truth has the order of everybody who used an id', () => {
  const truth = createTruthMemory();
  const given = stage({ truth: truth.sink });
  for (const account of ['cash1', 'cash2']) {
    given.submit('same', account, 'sell', 10);
    given.desk.cancel(account, 'same', 'BTC/USDT');
  }
  expect(truth.orders().map(({ account, phase }) => [account, phase])).toEqual([
    ['cash1', 'canceled'],
    ['cash2', 'canceled'],
  ]);
});

test('an account that was not opened here has nothing, and can do nothing', () => {
  const { desk } = stage();
  const maker = 'maker BTC/USDT 1';
  const order = { id: 'x', clientId: '', symbol: 'BTC/USDT', side: 'buy', kind: 'limit' } as const;
  const before = desk.sequence;
  expect(desk.check({ ...order, account: maker, priceTicks: 1, sizeLots: 1 })).toBe('unknown-account');
  for (const act of [
    () => desk.submit({ ...order, account: maker, priceTicks: 1, sizeLots: 1 }),
    () => desk.cancel(maker, 'x', 'BTC/USDT'),
    () => desk.cancelAll(maker),
    () => desk.balance(maker, 'USDT'),
    () => desk.deposit(maker, 'USDT', 1n),
    () => desk.withdraw(maker, 'USDT', 1n),
    () => desk.transfer('cash1', maker, 'USDT', 1n),
    () => desk.transfer(maker, 'cash1', 'USDT', 1n),
    () => desk.subscribe(maker, () => {}),
  ])
    expect(act).toThrow(/^desk: expected an account that was opened at this desk, got maker BTC\/USDT 1$/);
  expect([desk.openOrders(maker), desk.endedOrders(maker), desk.movements(maker)]).toEqual([[], [], []]);
  expect([desk.order(maker, 'x'), desk.balances(maker).size]).toEqual([undefined, 0]);
  expect(desk.sequence).toBe(before);
  expect(moneyText(desk.balance('cash1', 'USDT').total)).toBe('1000000');
});

test('owners are told before everybody, and what they are told of is public already, also within another telling', () => {
  const truth = createTruthMemory();
  const kinds: string[] = [];
  const given = stage({
    truth(entry) {
      truth.sink(entry);
      if (['order', 'fill', 'trade'].includes(entry.kind)) kinds.push(entry.kind);
    },
  });
  const { desk, venue } = given;
  const trades: number[] = [];
  desk.subscribe(
    'cash1',
    ({ kind }) => void (kind === 'order' && trades.push(venue.market.trades('BTC/USDT').length)),
  );
  given.submit('maker', 'cash1', 'sell', 10);
  const before = venue.market.trades('BTC/USDT').length;
  desk.subscribe('cash2', (update) => {
    if (update.kind === 'order' && update.change === 'rejected') given.submit('taker', 'cash2', 'buy', 10);
  });
  kinds.length = 0;
  given.submit('refused', 'cash2', 'buy', 10_000_000);
  expect(kinds).toEqual(['order', 'order', 'order', 'fill', 'order', 'fill', 'trade']);
  expect(trades).toEqual([before, before + 1]);
});

test('an order that is refused because somebody else has one of its id is its owner’s all the same', () => {
  const given = stage();
  given.submit('same', 'cash1', 'sell', 10);
  given.submit('same', 'cash2', 'sell', 10);
  expect(given.desk.order('cash1', 'same')?.phase).toBe('open');
  expect(given.desk.order('cash2', 'same')).toMatchObject({ phase: 'rejected', reason: 'duplicate-id' });
});

test('a wrong clock of the venue is wrong in everything that it dates, and prices move on as ever', () => {
  const dated: Record<string, number> = {};
  const given = stage({
    deliver(event) {
      if (event.kind === 'depth') dated.depth = event.tsMs;
      else if (event.kind === 'trades') dated.trades = event.trades.at(-1)?.tsMs ?? 0;
    },
  });
  const hour = 3_600_000;
  given.time.runUntil(given.time.clock.now() + 10_000);
  given.simulator.inject({ kind: 'clock-skew', atSeconds: 0, seconds: 3_600 });
  given.desk.subscribe('cash1', ({ atMs }) => {
    dated.order = atMs;
  });
  given.submit('late', 'cash1', 'sell', 10);
  given.time.runUntil(given.time.clock.now() + 60_000);
  const now = given.time.clock.now();
  for (const [what, atMs] of Object.entries(dated)) {
    expect([what, atMs]).toEqual([what, expect.toSatisfy((ms: number) => ms > now + hour - 61_000)]);
    expect(atMs).toBeLessThanOrEqual(now + hour);
  }
  expect(Object.keys(dated).toSorted()).toEqual(['depth', 'order', 'trades']);
  expect(given.desk.order('cash1', 'late')?.createdAtMs).toBeGreaterThan(now + hour - 61_000);
});
