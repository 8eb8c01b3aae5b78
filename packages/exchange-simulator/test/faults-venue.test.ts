import { syntheticSession } from '@venuekit/tooling-vitest/recordings';
import { describe, expect, test } from 'vitest';
import type { AccountUpdate, DeskOrder, TradingDesk } from '../src/desk/desk-types.ts';
import { createExchange } from '../src/exchange.ts';
import { loadReplay, parseFault, selectPairs } from '../src/index.ts';
import { type FaultStage, openStage, transports } from './fault-stage.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';

const [symbol, account] = ['BTC/USDT', 'cash1'] as const;

/** What the owner of the account is told, in short. */
function follow(stage: FaultStage): string[] {
  const told: string[] = [];
  deskOf(stage).subscribe(account, (update) => void told.push(line(update)));
  return told;
}

function line(update: AccountUpdate): string {
  return update.kind === 'order'
    ? `${update.change} ${update.orderId}${update.refusal === undefined ? '' : ` ${update.refusal}`}`
    : `${update.reason} ${update.asset} ${update.change}`;
}

function deskOf(stage: FaultStage): TradingDesk {
  const { desk } = stage.dialect.venue;
  if (desk === undefined) throw new Error('expected a desk');
  return desk;
}

function anOrder(stage: FaultStage, id: string, price = '20000'): DeskOrder {
  const listing = stage.dialect.venue.listings.get(symbol);
  return {
    ...{ id, clientId: id, account, symbol, side: 'buy', kind: 'limit' },
    ...{ sizeLots: listing?.lotsOf('0.01') ?? 0, priceTicks: listing?.ticksOf(price) ?? 0 },
  };
}

async function timeOf(stage: FaultStage): Promise<number> {
  const answer = await stage.ask('GET', '/time');
  const { data } = JSON.parse('text' in answer ? answer.text : '{}') as { data: { now: number } };
  return data.now - stage.runtime.clock.now();
}

describe.each(transports)('%s', (transport) => {
  test.each([
    ['clock-skew@0+10,seconds=-45', [-45_000, -45_000, 0]],
    ['clock-skew@0+10', [60_000, 60_000, 0]],
    ['clock-drift@0+10,seconds=30', [0, 5_000, 0]],
    ['clock-drift@0+10,seconds=-6', [0, -1_000, 0]],
    ['clock-stop@0+10', [0, -9_999, 0]],
  ])("%s: the venue's clock is wrong, and right afterwards", async (fault, offsets) => {
    const stage = await openStage(transport);
    stage.inject(fault);
    const seen = [await timeOf(stage)];
    await stage.pass(9_999);
    seen.push(await timeOf(stage));
    await stage.pass(1);
    seen.push(await timeOf(stage));
    expect(seen).toEqual(offsets);
  });

  test('a slow engine takes orders and cancels late, a full one only acknowledges', async () => {
    const stage = await openStage(transport);
    const told = follow(stage);
    const desk = deskOf(stage);
    stage.inject('slow-engine@0+1,seconds=45');
    desk.submit(anOrder(stage, 'slow'));
    await stage.pass(44_999);
    expect(told).toEqual([]);
    desk.submit(anOrder(stage, 'quick'));
    await stage.pass(1);
    expect(told).toEqual(['accepted quick', 'accepted slow']);
    expect(stage.dialect.venue.faults.acknowledgesOnly).toBe(false);
    stage.inject('full-engine@0+5');
    expect(stage.dialect.venue.faults.acknowledgesOnly).toBe(true);
    await stage.pass(5_000);
    expect(stage.dialect.venue.faults.acknowledgesOnly).toBe(false);
  });

  test('a pair is halted, open for cancels only, and back', async () => {
    const stage = await openStage(transport);
    const told = follow(stage);
    const desk = deskOf(stage);
    desk.submit(anOrder(stage, '1'));
    stage.inject(`halt@0+10:${symbol}`);
    desk.cancel(account, '1', symbol);
    expect(desk.check(anOrder(stage, '2'))).toBe('not-trading');
    expect(desk.check({ ...anOrder(stage, '2'), symbol: 'ETH/USDT' })).not.toBe('not-trading');
    await stage.pass(10_000);
    expect(desk.check(anOrder(stage, '2'))).toBeUndefined();
    stage.inject('cancel-only@0+10');
    expect(desk.check(anOrder(stage, '2'))).toBe('not-trading');
    desk.cancel(account, '1', symbol);
    await stage.pass(10_000);
    desk.submit(anOrder(stage, '2'));
    expect(told).toEqual(['accepted 1', 'cancel-refused 1 not-trading', 'canceled 1', 'accepted 2']);
  });

  test('the venue cancels by itself', async () => {
    const stage = await openStage(transport);
    const told = follow(stage);
    for (const id of ['1', '2', '3']) deskOf(stage).submit(anOrder(stage, id));
    stage.inject('venue-cancel@0:ETH/USDT');
    stage.inject('venue-cancel@0,account=cash2');
    expect(told).toHaveLength(3);
    stage.inject('venue-cancel@0,times=1');
    expect(told.slice(3)).toEqual(['canceled 1']);
    stage.inject(`venue-cancel@0:${symbol},account=${account}`);
    expect(told.slice(4)).toEqual(['canceled 2', 'canceled 3']);
  });

  test('orders and money appear that nobody here asked for', async () => {
    const stage = await openStage(transport);
    const told = follow(stage);
    deskOf(stage).submit(anOrder(stage, 'mine'));
    stage.inject('foreign-order@0');
    const [, foreign] = deskOf(stage).openOrders(account, symbol);
    expect(foreign).toMatchObject({ account, symbol, side: 'buy', clientId: '', phase: 'open' });
    expect(foreign?.priceTicks).toBe(Math.floor((anOrder(stage, '').priceTicks * 19) / 20));
    stage.inject(`foreign-order@0:${symbol},account=${account},side=sell,price=30000,amount=0.5`);
    expect(deskOf(stage).openOrders(account).at(-1)).toMatchObject({ side: 'sell' });
    stage.inject('foreign-money@0');
    stage.inject(`foreign-money@0,account=${account},asset=BTC,amount=-0.25`);
    expect(told.slice(-2)).toEqual(['deposit USDT 1000000000', 'withdrawal BTC -250000000']);
  });

  test('a restart begins every book at the lowest number', async () => {
    const stage = await openStage(transport);
    const { market } = stage.dialect.venue;
    for (const price of ['20000', '20001', '20002']) {
      deskOf(stage).submit(anOrder(stage, price, price));
      await stage.pass(1_000);
    }
    const before = market.book(symbol, 1)?.seqnum ?? 0n;
    stage.inject('restart@0');
    deskOf(stage).submit(anOrder(stage, 'next', '20003'));
    await stage.pass(1_000);
    const after = market.book(symbol, 1)?.seqnum ?? 0n;
    expect([before > 2n, after]).toEqual([true, 1n]);
    await stage.pass(4_000);
    expect(await stage.connect()).toMatchObject({ texts: [] });
    expect(deskOf(stage).openOrders(account)).toHaveLength(4);
  });
});

test('what cannot be done is refused at once, is not counted, and does nothing later', async () => {
  const stage = await openStage('in memory');
  expect(() => stage.inject('foreign-order@0')).toThrow(/book of BTC\/USDT is empty/);
  expect(() => stage.inject('foreign-money@0,amount=-999999999')).toThrow(
    /no more than is available of USDT/,
  );
  expect(() => stage.inject('foreign-order@0,price=400000,amount=1')).toThrow(/got insufficient-funds/);
  expect(() => stage.inject('foreign-order@0,price=1.23456789')).toThrow(/price: expected a multiple of/);
  expect(() => stage.inject('foreign-money@0,account=cash9')).toThrow(
    /expected an account that trades here \(cash1, cash2\), got "cash9"/,
  );
  expect(() => stage.inject('foreign-money@0,asset=constructor')).toThrow(
    /expected an asset that is listed here \(BTC, USDT.*\), got "constructor"/,
  );
  stage.dialect.venue.market.start();
  stage.inject('foreign-order@1');
  await stage.pass(2_000);
  expect(stage.fired['foreign-order']).toBe(0);
  expect(stage.dialect.venue.faults.states).toEqual([]);
  expect(stage.truth.filter(({ kind }) => kind === 'fault')).toMatchObject([
    {
      fault: { kind: 'foreign-order' },
      failure: expect.stringMatching(/book of BTC\/USDT is empty/) as string,
    },
  ]);
});

test.each([
  [
    ['halt@0+5', 'halt@0+60'],
    ['halted', 'halted', 'trading'],
  ],
  [
    ['halt@0+60', 'halt@0+5'],
    ['halted', 'halted', 'trading'],
  ],
  [
    ['halt@0+5', 'cancel-only@0+60'],
    ['halted', 'cancel-only', 'trading'],
  ],
  [
    ['cancel-only@0+60', 'halt@0+5:BTC/USDT'],
    ['halted', 'cancel-only', 'trading'],
  ],
  [
    ['halt@0+5:ETH/USDT', 'cancel-only@0+60:BTC/USDT'],
    ['cancel-only', 'cancel-only', 'trading'],
  ],
])('of %j the hardest holds', async (faults, statuses) => {
  const stage = await openStage('in memory');
  const { market } = stage.dialect.venue;
  for (const fault of faults) stage.inject(fault);
  const seen = [market.status(symbol)];
  for (const ms of [6_000, 60_000]) {
    await stage.pass(ms);
    seen.push(market.status(symbol));
  }
  expect(seen).toEqual(statuses);
});

test.each([
  ['halted', 'cancel-only@0+5', ['halted', 'halted']],
  ['cancel-only', 'cancel-only@0+5', ['cancel-only', 'cancel-only']],
  ['cancel-only', 'halt@0+5', ['halted', 'cancel-only']],
] as const)('a pair that is listed as %s is no more open for %s', (status, fault, seen) => {
  const runtime = createHandMadeRuntime();
  const pairs = selectPairs(2).map((pair, at) =>
    at === 0 ? { ...pair, rules: { ...pair.rules, status } } : pair,
  );
  const market = { kind: 'synthetic', seed: 1, pairs, traders: false } as const;
  const exchange = createExchange({ market, runtime });
  const first = pairs[0]?.rules.symbol ?? '';
  const now = (): unknown => exchange.market.status(first);
  exchange.inject(parseFault(fault));
  const during = now();
  runtime.pass(5_000);
  expect([during, now()]).toEqual(seen);
  exchange.actions?.setStatus(first, 'trading');
  expect(now()).toBe('trading');
  exchange.close();
});

test('what operators want holds when faults are over, and no sooner', () => {
  const runtime = createHandMadeRuntime();
  const exchange = createExchange({
    market: { kind: 'synthetic', seed: 1, pairs: 2, traders: false },
    runtime,
  });
  const { actions, faults, market } = exchange;
  actions?.setStatus(symbol, 'halted');
  faults.inject(parseFault('halt@0+1'));
  runtime.pass(1_000);
  expect(['BTC/USDT', 'ETH/USDT'].map((name) => market.status(name))).toEqual(['halted', 'trading']);
  const id = faults.inject(parseFault('halt@0'));
  actions?.setStatus(symbol, 'cancel-only');
  expect(market.status(symbol)).toBe('halted');
  faults.end(id);
  expect(market.status(symbol)).toBe('cancel-only');
  actions?.setStatus(symbol, 'trading');
  expect(market.status(symbol)).toBe('trading');
  expect(() => actions?.impose('NO/NE', 'halted')).toThrow(/symbol: expected one that is listed/);
  exchange.close();
});

test('a clock that stands still shows the same time, however two clocks of the machine are read', () => {
  const { timers, random } = createHandMadeRuntime();
  let readings = 0;
  const at = (): number => {
    readings += 1;
    return readings * 0.37;
  };
  const clock = { now: () => 1_700_000_000_000 + Math.floor(at()), monotonic: () => at() + 0.6 };
  const market = { kind: 'synthetic', seed: 1, pairs: 1, traders: false } as const;
  const exchange = createExchange({ market, runtime: { clock, timers, random } });
  exchange.faults.inject(parseFault('clock-drift@0,seconds=30'));
  exchange.faults.inject(parseFault('clock-skew@0,seconds=10'));
  const first = exchange.faults.inject(parseFault('clock-stop@0'));
  const seen = new Set(Array.from({ length: 300 }, () => exchange.clock.now()));
  expect(seen.size).toBe(1);
  exchange.faults.inject(parseFault('clock-stop@0'));
  expect(exchange.clock.now()).toBe([...seen][0]);
  exchange.faults.end(first);
  const later = exchange.clock.now();
  expect(later).toBeGreaterThan([...seen][0] ?? 0);
  expect(exchange.clock.now()).toBe(later);
  exchange.close();
});

test('where nothing can be traded, faults of trading strike nothing and are over', async () => {
  const { sessionFile, productsFile } = syntheticSession;
  const replay = await loadReplay({ sessionFile, productsFile });
  const runtime = createHandMadeRuntime();
  const exchange = createExchange({ market: { kind: 'replay', ...replay, speed: 1 }, runtime });
  const trading = [
    'halt',
    'cancel-only',
    'slow-engine',
    'full-engine',
    'venue-cancel',
    'foreign-order',
  ] as const;
  for (const kind of [...trading, 'foreign-money'] as const) {
    exchange.faults.inject({ kind, atSeconds: 0 });
    expect(exchange.stats.faults[kind], kind).toBe(0);
  }
  expect([exchange.faults.states, runtime.pending]).toEqual([[], []]);
  exchange.close();
});

describe('keys', () => {
  const judge = (stage: FaultStage, index = 0) => {
    const { users } = stage.dialect.venue;
    const { key } = users.users[index]!.keys[0]!;
    return users.find(key)!.key;
  };

  test.each([
    ['lost-permission@0+10', { canView: true, canTrade: false, canTransfer: true }],
    ['lost-permission@0+10,right=view', { canView: false, canTrade: true, canTransfer: true }],
    ['lost-permission@0+10,right=transfer', { canView: true, canTrade: true, canTransfer: false }],
    ['changed-ips@0+10', { allowedIps: ['192.0.2.1'] }],
    ['changed-ips@0+10,value=10.1.2.3', { allowedIps: ['10.1.2.3'] }],
  ])('%s', async (fault, changed) => {
    const stage = await openStage('in memory');
    const before = judge(stage);
    stage.inject(fault);
    expect(judge(stage)).toMatchObject(changed);
    expect(judge(stage).revealSecret()).toBe(before.revealSecret());
    expect(JSON.stringify(judge(stage))).not.toContain(before.revealSecret());
    await stage.pass(10_000);
    expect(judge(stage)).toBe(before);
  });

  test.each(['expired-key', 'lost-permission', 'changed-ips'])(
    '%s of a key that nobody has is refused',
    async (kind) => {
      const stage = await openStage('in memory');
      expect(() => stage.inject(`${kind}@0,key=typo`)).toThrow(
        `${kind}: expected an API key of somebody who has an account here, got "typo"`,
      );
      expect(stage.fired).toMatchObject({ [kind]: 0 });
    },
  );

  test('keys expire by the clock of the venue, and one may be meant', async () => {
    const stage = await openStage('in memory');
    stage.inject('clock-skew@0,seconds=1000');
    stage.inject(`expired-key@0,key=${judge(stage).key}`);
    const { clock } = stage.dialect.venue;
    expect(judge(stage).expiresAtMs).toBe(clock.now());
    expect(judge(stage, 1).expiresAtMs).toBeUndefined();
  });
});

test('limits are forced upon an address, the hardest first, for 15 minutes if nothing is said', async () => {
  const stage = await openStage('in memory');
  const { faults } = stage.dialect.venue;
  stage.inject('limit-silence@0,address=10.0.0.1');
  await stage.pass(60_000);
  expect(faults.forcedLimit('10.0.0.1')).toEqual({ level: 1, leftMs: 840_000 });
  expect(faults.forcedLimit('10.0.0.2')).toBeUndefined();
  stage.inject('limit-ban@0+30');
  expect(faults.forcedLimit('10.0.0.1')).toEqual({ level: 2, leftMs: 30_000 });
  stage.inject('address-ban@0+20,address=10.0.0.2');
  expect(faults.forcedLimit('10.0.0.2')).toEqual({ level: 'banned', leftMs: 20_000 });
  await stage.pass(840_000);
  expect(faults.forcedLimit('10.0.0.1')).toBeUndefined();
});
