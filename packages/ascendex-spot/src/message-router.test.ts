import { createSymbolMap, type DepthKind, decodeStreamFrame } from '@venuekit/ascendex-wire';
import { VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { createMessageRouter } from './message-router.ts';

const symbol = 'BTC/USDT';
const failure = new VenueError({ code: 'protocol', message: 'nobody knows' });

/** A router whose markets write down what they are told. */
function setUp(depth: DepthKind = 'depth') {
  const told: string[] = [];
  const tell =
    (name: string) =>
    (...what: unknown[]) =>
      void told.push([name, ...what.map(wordOf)].join(' '));
  const writer = {
    book: {
      ...{ change: tell('change'), stage: tell('stage'), unreadable: tell('book lost') },
      suspect: tell('book suspected'),
    },
    trades: { trades: tell('trades'), unreadable: tell('trades lost') },
    ticker: { ticker: tell('ticker'), unreadable: tell('ticker lost') },
  };
  const markets = {
    writer: (pair: string) => (pair === 'BTC-USDT' ? writer : undefined),
    writers: () => [writer, writer],
    snapshot: tell('snapshot'),
    snapshotFailed: tell('snapshot failed'),
    newestTrades: tell('newest'),
  } as unknown as Parameters<typeof createMessageRouter>[0]['markets'];
  const symbols = createSymbolMap([{ pair: 'BTC-USDT', venueSymbol: symbol }]);
  const router = createMessageRouter({
    ...{ symbols: () => symbols, depth, markets },
    takeSnapshotPair: (id) => (id === 'mine' ? 'BTC-USDT' : undefined),
    onRefused: tell('refused'),
  });
  const say = (message: object) => {
    router.message(decodeStreamFrame(JSON.stringify({ symbol, ...message })), 5);
    return told.splice(0);
  };
  return { router, told, say };
}

function wordOf(what: unknown): string {
  if (what instanceof VenueError)
    return what.message.replace(/^.*?(data\S*):.*$|^.*$/s, (all, at) => at ?? all);
  return JSON.stringify(what, (_, value) => (typeof value === 'bigint' ? Number(value) : value)) ?? 'none';
}

const content = (ts: number) => ({ data: { ts, seqnum: 7, bids: [['9', '1']], asks: [['11', '2']] } });
const levels = '"bids":[["9","1"]],"asks":[["11","2"]]}';
const trade = (seqnum: number, change: object = {}) => ({
  p: '1',
  q: '2',
  ts: 3,
  bm: true,
  seqnum,
  ...change,
});

test.each([
  ['depth', 'depth-snapshot', 'depth-realtime', 'depth-snapshot-realtime'],
  ['depth-realtime', 'depth-snapshot-realtime', 'depth', 'depth-snapshot'],
] as const)(
  'books of %s take their own updates and snapshots, and nothing of the other series',
  (own, ownSnapshot, other, otherSnapshot) => {
    const { say } = setUp(own);
    expect(say({ m: own, ...content(4) })).toEqual([`change {"sequence":7,"venueTimeMs":4,${levels} 5`]);
    // A snapshot of the real-time series has no time, and says so by 0.
    expect(say({ m: ownSnapshot, ...content(0) })).toEqual([`snapshot "BTC-USDT" {"sequence":7,${levels} 5`]);
    expect([say({ m: other, ...content(4) }), say({ m: otherSnapshot, ...content(4) })]).toEqual([[], []]);
    const bad = { data: { ts: 1, seqnum: 7, bids: [['x', '1']], asks: [] } };
    const words = (m: string) =>
      say({ m, ...bad }).map((line) => line.replace(/ (?:BTC|depth|data).*$|ascendex.*$/s, ''));
    expect(words(own)[0]).toMatch(/^book lost/);
    expect(words(own)[1]).toMatch(/^refused/);
    expect(words(ownSnapshot)[0]).toMatch(/^snapshot failed "BTC-USDT"/);
    expect(words(other)).toHaveLength(1);
    expect(words(otherSnapshot)).toHaveLength(1);
  },
);

test('a side of the ticker may be missing, and has its own price', () => {
  const { say } = setUp();
  const ticker = (data: object) => say({ m: 'bbo', data: { ts: 4, ...data } });
  expect(ticker({ bid: ['9', '1'], ask: ['11', '2'] })).toEqual([
    'ticker {"bid":{"price":"9","amount":"1"},"ask":{"price":"11","amount":"2"},"venueTimeMs":4} 5',
  ]);
  expect(ticker({ ask: ['11', '2'] })).toEqual([
    'ticker {"ask":{"price":"11","amount":"2"},"venueTimeMs":4} 5',
  ]);
});

test('trades come with the first row that could not be read, and the connector hears of each afterwards', () => {
  const { say } = setUp();
  const told = say({
    m: 'trades',
    data: [trade(1), trade(2, { p: 'x' }), trade(3, { bm: false }), trade(4, { q: 'x' })],
  });
  const row = (id: number, side: string) =>
    `{"tradeId":"${id}","price":"1","amount":"2","side":"${side}","venueTimeMs":3}`;
  expect(told).toHaveLength(3);
  expect(told[0]).toContain(`trades [${row(1, 'sell')},${row(3, 'buy')}] 5 `);
  expect(told[0]).toContain('data[1]');
  expect(told.slice(1).map((line) => line.slice(0, 7))).toEqual(['refused', 'refused']);
});

test('newest trades that were asked for are another thing, and their bad rows are told', () => {
  const { say } = setUp();
  const told = say({ m: 'market-trades', data: [trade(1), trade(2, { p: 'x' })] });
  expect(told).toHaveLength(2);
  expect(told[0]).toMatch(/^newest "BTC-USDT" \[\{"tradeId":"1"[^}]*\}\]$/);
  expect(told[1]).toMatch(/^refused/);
});

test('a refused request is that of the snapshot with its id, and of no other', () => {
  const { say } = setUp();
  const refusal = (id?: string) => say({ m: 'error', id, code: 100005, reason: 'BAD', info: 'bad' });
  expect(refusal('mine')[0]).toMatch(/^snapshot failed "BTC-USDT"/);
  expect([refusal('other'), refusal()]).toEqual([[], []]);
});

test('a frame that nobody can read may be missing in every market, which is told before the connector', () => {
  const { router, told } = setUp();
  router.refusedFrame(failure);
  const ofOne = ['book suspected', 'ticker lost nobody knows', 'trades lost nobody knows'];
  expect(told).toEqual([...ofOne, ...ofOne, 'refused nobody knows']);
});
