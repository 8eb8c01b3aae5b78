import type { BookEvent, TickerEvent, TradeEvent } from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instrument } from '../../test/instrument.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createInstruments } from './instrument-list.ts';
import { createLocalMarkets, type LocalMarketsOptions } from './local-markets.ts';

function setUp(options: Partial<LocalMarketsOptions> = {}) {
  const runtime = createManualRuntime();
  const instruments = createInstruments('v', [instrument('A-B'), instrument('C-D')]);
  return { runtime, markets: createLocalMarkets({ runtime, venue: 'v', instruments, ...options }) };
}

const trade = { price: '1', amount: '1', side: 'buy' } as const;
const book = { bids: [['9', '1']], asks: [['11', '2']] } as const;

test('a book that was there before open is live when open resolves', async () => {
  const { markets, runtime } = setUp();
  markets.replaceBook('A-B', book);
  const market = await markets.open('A-B', { streams: ['book'] });
  expect(market.book.read()).toMatchObject({ state: 'live', sequence: 1n });
  expect(market.book.bestAsk()?.amount.toString()).toBe('2');
  expect(runtime.waiting).toEqual([]);
});

test('a book opened before there is one is live with the first', async () => {
  const { markets, runtime } = setUp();
  const market = await markets.open('A-B', { streams: ['book'] });
  expect(market.book.read().state).toBe('opening');
  await runtime.advance(60_000);
  markets.replaceBook('A-B', book);
  expect(market.book.read()).toMatchObject({
    state: 'live',
    sequence: 1n,
    receivedAtMs: runtime.clock.now(),
  });
  const later = await markets.open('A-B');
  expect((await later.book.whenLive()).sequence).toBe(1n);
  markets.close();
  expect([market.book.read().state, runtime.waiting]).toEqual(['closed', []]);
});

test('changes come with numbers of their own, and a new whole book is a change too', async () => {
  const { markets } = setUp();
  markets.replaceBook('A-B', book);
  const market = await markets.open('A-B', { streams: ['book'] });
  const sequences: unknown[] = [];
  market.book.subscribe((event: BookEvent) => void (event.kind === 'book' && sequences.push(event.sequence)));
  markets.changeBook('A-B', { bids: [['9.5', '3']] });
  markets.changeBook('A-B', { asks: [['11', '0']] });
  markets.replaceBook('A-B', { bids: [['9.5', '3']], asks: [['10', '1']] });
  expect(sequences).toEqual([1n, 2n, 3n, 4n]);
  const view = market.book.read();
  if (view.state !== 'live') throw new Error(view.reason);
  expect(view.bids().map(({ price }) => price.toString())).toEqual(['9.5']);
  expect(view.asks().map(({ price }) => price.toString())).toEqual(['10']);
  expect(market.book.stats).toMatchObject({ gaps: 0, resyncs: 0, applied: 3 });
  expect(await market.book.audit()).toEqual({ outcome: 'equal', sequence: 4n });
});

test('a book that cannot be is refused by name and changes nothing', async () => {
  const { markets } = setUp();
  const refused = (act: () => void, text: string) =>
    expect(act).toThrow(
      expect.objectContaining({ code: 'invalid-request', message: expect.stringContaining(text) }),
    );
  refused(() => markets.changeBook('A-B', {}), 'before the first change');
  refused(() => markets.replaceBook('A-B', { bids: [['12', '1']], asks: [['11', '1']] }), 'got 12 and 11');
  markets.replaceBook('A-B', book);
  const market = await markets.open('A-B', { streams: ['book'] });
  refused(() => markets.changeBook('A-B', { bids: [['11', '1']] }), 'got 11 and 11');
  refused(() => markets.changeBook('A-B', { bids: [['ten', '1']] }), 'plain decimal text');
  expect(() => markets.replaceBook('X-Y', book)).toThrow(
    expect.objectContaining({ code: 'market-unavailable' }),
  );
  expect(() => markets.trade('X-Y', { price: '1', amount: '1', side: 'buy' })).toThrow(/X-Y/);
  markets.changeBook('A-B', { asks: [['10', '1']] });
  expect(market.book.read()).toMatchObject({ state: 'live', sequence: 2n });
  expect(market.book.bestBid()?.price.toString()).toBe('9');
});

test('trades begin with a start and are numbered, within each pair', async () => {
  const { markets, runtime } = setUp();
  markets.trade('A-B', { price: '10', amount: '1', side: 'buy' });
  const market = await markets.open('A-B', { streams: ['trades'] });
  const story: unknown[] = [];
  market.trades.subscribe((event: TradeEvent) =>
    story.push(event.kind === 'trade' ? event.tradeId : event.kind),
  );
  markets.trade('A-B', { price: '10', amount: '1', side: 'sell' });
  markets.trade('C-D', { price: '10', amount: '1', side: 'sell' });
  markets.trade('A-B', { price: '10', amount: '1', side: 'sell', tradeId: 'mine' });
  expect(story).toEqual(['start', '2', 'mine']);
  expect(runtime.waiting).toEqual([]);
});

test('numbers go on above the highest id that was given, so that no trade is taken for another', async () => {
  const { markets } = setUp();
  const market = await markets.open('A-B', { streams: ['trades'] });
  const ids: string[] = [];
  market.trades.subscribe((event) => event.kind === 'trade' && ids.push(event.tradeId));
  const tell = (id?: string) =>
    markets.trade('A-B', { ...trade, ...(id === undefined ? {} : { tradeId: id }) });
  const given = ['2', undefined, '1', undefined, 'mine', '007', undefined, '99999999999999999999', undefined];
  for (const id of given) tell(id);
  expect(ids).toEqual([
    ...['2', '3', '1', '4', 'mine', '007', '5'],
    ...['99999999999999999999', '100000000000000000000'],
  ]);
});

test('whatever ids trades are given, each one without is told under an id that nobody had', async () => {
  const ids = fc.array(fc.option(fc.bigInt({ min: 0n, max: 40n }).map(String)), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(ids, async (plan) => {
      const { markets } = setUp();
      const market = await markets.open('A-B', { streams: ['trades'] });
      const told: string[] = [];
      market.trades.subscribe((event) => event.kind === 'trade' && told.push(event.tradeId));
      for (const id of plan) {
        const before = told.length;
        markets.trade('A-B', { ...trade, ...(id === null ? {} : { tradeId: id }) });
        if (id === null) expect(told.length).toBe(before + 1);
      }
      expect(new Set(told).size).toBe(told.length);
    }),
    { numRuns: 100 },
  );
});

test('every snapshot that was asked for is answered once, and none that nobody asked for', async () => {
  const { markets } = setUp();
  const first = await markets.open('A-B', { streams: ['book'] });
  first.book.read();
  first.close();
  const second = await markets.open('A-B', { streams: ['book'] });
  second.book.read();
  // Both requests are answered, the first one into nothing.
  markets.replaceBook('A-B', book);
  expect(second.book.read()).toMatchObject({ state: 'live', sequence: 1n });
  markets.changeBook('A-B', { bids: [['9', '7']] });
  const audits = [second.book.audit(), second.book.audit()];
  expect(await Promise.all(audits)).toEqual([
    { outcome: 'equal', sequence: 2n },
    { outcome: 'equal', sequence: 2n },
  ]);
  const third = await markets.open('A-B', { streams: ['book'] });
  expect(third.book.read()).toMatchObject({ state: 'live', sequence: 2n });
  expect(third.book.stats).toMatchObject({ gaps: 0, resyncs: 0 });
});

test('a ticker begins with the newest, also one that came before open', async () => {
  const { markets } = setUp();
  markets.ticker('A-B', { bid: ['1', '1'], ask: ['2', '1'] });
  const market = await markets.open('A-B', { streams: ['ticker'] });
  const story: unknown[] = [];
  market.ticker.subscribe((event: TickerEvent) =>
    story.push(event.kind === 'ticker' && event.bid?.price.toString()),
  );
  markets.ticker('A-B', { ask: ['2', '1'] });
  expect(story).toEqual(['1', undefined]);
});

test('only offered streams open, and closing ends the loop over a book', async () => {
  const { markets } = setUp({ streams: ['book'] });
  await expect(markets.open('A-B', { streams: ['ticker'] })).rejects.toMatchObject({ code: 'unsupported' });
  const market = await markets.open('A-B');
  const read = async () => {
    for await (const _ of market.book.until(new AbortController().signal));
  };
  const reading = read();
  await settle();
  markets.close();
  await reading;
  await expect(markets.open('A-B')).rejects.toMatchObject({ code: 'closed' });
  markets.replaceBook('A-B', book);
  markets.trade('A-B', { price: '1', amount: '1', side: 'buy' });
});

test('whatever is replaced and changed in whatever order, every handle shows the book that was told', async () => {
  const level = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 3 }));
  const step = fc.record({
    kind: fc.constantFrom('replace', 'change', 'open' as const),
    bids: fc.array(level, { maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const { markets } = setUp();
      const told = new Map<string, string>();
      let known = false;
      const handles = [];
      for (const { kind, bids } of steps) {
        const texts = bids.map(([price, amount]) => [String(price), String(amount)] as const);
        if (kind === 'open') handles.push(await markets.open('A-B', { streams: ['book'] }));
        if (kind === 'replace') {
          told.clear();
          markets.replaceBook('A-B', { bids: texts, asks: [['10', '1']] });
          known = true;
        } else if (kind === 'change' && known) markets.changeBook('A-B', { bids: texts });
        if (kind === 'replace' || (kind === 'change' && known)) for (const [p, a] of texts) told.set(p, a);
        const expected = [...told]
          .filter(([, amount]) => amount !== '0')
          .sort(([a], [b]) => Number(b) - Number(a));
        for (const { book: own } of handles) {
          const view = own.read();
          expect(view.state).toBe(known ? 'live' : 'opening');
          if (view.state !== 'live') continue;
          expect(view.bids().map(({ price, amount }) => [`${price}`, `${amount}`])).toEqual(expected);
        }
      }
      markets.close();
    }),
    { numRuns: 100 },
  );
});
