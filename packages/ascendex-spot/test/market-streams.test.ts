import { decimal } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import {
  createManualVenue,
  depth,
  inBrief,
  outcomeOf,
  product,
  tradeRow,
  trades,
  turns,
  withLiveBook,
} from './manual-venue.ts';

const snapshotRequests = (venue: ReturnType<typeof createManualVenue>) =>
  venue.sent('req').filter(({ args }) => args.symbol === 'BTC/USDT');

test('in a listener of down no book gives a price', async () => {
  const venue = createManualVenue();
  const { book } = await withLiveBook(venue);
  const seen: string[] = [];
  venue.connector.events.subscribe((event) => {
    if (event.kind === 'connection' && event.state === 'down') seen.push(inBrief(book));
  });
  venue.socket().handlers.closed(1006, '');
  expect(seen).toEqual(['stale']);
});

test('a market that is closed and opened within a round trip does not serve the old snapshot', async () => {
  const venue = createManualVenue();
  await venue.goLive();
  const first = await venue.connector.marketData.open('BTC-USDT');
  first.book.read();
  await venue.confirm();
  expect(snapshotRequests(venue)).toHaveLength(1);
  first.close();
  await venue.runtime.advance(50);
  const second = await venue.connector.marketData.open('BTC-USDT');
  second.book.read();
  await venue.runtime.advance(0);
  // The answer to the first handle's request, before the second one's subscription is confirmed.
  venue.say(depth('depth-snapshot', 100));
  expect(inBrief(second.book)).toBe('opening');
  await venue.confirm();
  venue.say(depth('depth-snapshot', 104, [['8', '1']]));
  expect(inBrief(second.book)).toBe('live 104 bid 8');
});

test('a live view cannot be changed for others', async () => {
  const { book } = await withLiveBook(createManualVenue());
  const bid = book.bestBid() as { price: unknown };
  expect(() => {
    bid.price = decimal('1');
  }).toThrow(TypeError);
  expect(inBrief(book)).toBe('live 10 bid 9');
});

test('waiting for a book that is live rejects for an aborted signal too', async () => {
  const { book } = await withLiveBook(createManualVenue());
  const reason = new Error('too late');
  await expect(book.whenLive({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('the same trade again is told once', async () => {
  const { connector, say, goLive, confirm } = createManualVenue();
  await goLive();
  const market = await connector.marketData.open('BTC-USDT');
  const ids: string[] = [];
  market.trades.subscribe((event) => event.kind === 'trade' && ids.push(event.tradeId));
  await confirm();
  say(trades(tradeRow(7)));
  say(trades(tradeRow(7)));
  expect(ids).toEqual(['7']);
});

test('a refused stream is never reported as open because a neighbour was given up', async () => {
  const { connector, runtime, say, goLive, sent } = createManualVenue();
  await goLive();
  const abort = new AbortController();
  const { marketData } = connector;
  const btc = marketData.open('BTC-USDT', { streams: ['trades'], signal: abort.signal });
  const eth = marketData.open('ETH-USDT', { streams: ['trades'] });
  const outcomes = [outcomeOf(btc), outcomeOf(eth)];
  await runtime.advance(0);
  const [request] = sent('sub');
  expect(request?.ch).toBe('trades:BTC/USDT,ETH/USDT');
  abort.abort(new Error('given up'));
  say({ m: 'sub', id: request?.id, ch: 'trades:BTC/USDT', code: 0 });
  say({ m: 'sub', id: request?.id, ch: 'trades:ETH/USDT', code: 100008, reason: 'no such symbol' });
  expect(await Promise.all(outcomes)).toEqual(['given up', 'market-unavailable']);
});

test('a refused snapshot request concerns its own market only, and gives that one up', async () => {
  const { connector, events, say, goLive, sent, confirm } = createManualVenue();
  await goLive();
  const btc = await connector.marketData.open('BTC-USDT');
  const eth = await connector.marketData.open('ETH-USDT');
  btc.book.read();
  eth.book.read();
  await confirm();
  const request = sent('req').find(({ args }) => args.symbol === 'ETH/USDT');
  say({ m: 'error', id: request?.id, code: 100008, reason: 'INVALID_SYMBOL', info: 'no such symbol' });
  expect(btc.book.read().state).toBe('opening');
  expect(eth.book.read().state).toBe('closed');
  expect(events.at(-1)).toMatchObject({ kind: 'subscription-refused', pair: 'ETH-USDT', stream: 'book' });
});

test('a refusal of a closed book’s snapshot request does not concern the book after it', async () => {
  const venue = createManualVenue();
  await venue.goLive();
  const first = await venue.connector.marketData.open('BTC-USDT');
  first.book.read();
  await venue.confirm();
  const [old] = snapshotRequests(venue);
  first.close();
  await venue.runtime.advance(50);
  const second = await venue.connector.marketData.open('BTC-USDT');
  second.book.read();
  await venue.confirm();
  expect(snapshotRequests(venue)).toHaveLength(2);
  venue.say({ m: 'error', id: old?.id, code: 100008, reason: 'INVALID_SYMBOL', info: 'no such symbol' });
  expect(inBrief(second.book)).toBe('opening');
  venue.say(depth('depth-snapshot', 104));
  expect(inBrief(second.book)).toBe('live 104 bid 9');
});

/** Trades as the venue answers to REST. */
const tradesOf = (symbol: string, ...seqnums: number[]) => ({
  m: 'trades',
  symbol,
  data: seqnums.map((seqnum) => tradeRow(seqnum)),
});

test('a fetched book of another symbol is refused, naming both', async () => {
  const { connector, goLive } = createManualVenue({
    answer: () => ({ ...depth('depth-snapshot', 5), symbol: 'ETH/USDT' }),
  });
  await goLive();
  await expect(connector.marketData.fetchBook('BTC-USDT')).rejects.toMatchObject({
    code: 'protocol',
    message: expect.stringMatching(/BTC\/USDT.*ETH\/USDT/),
  });
  expect((await connector.marketData.fetchBook('ETH-USDT')).sequence).toBe(5n);
});

test('fetched trades of another symbol are refused, naming both', async () => {
  const { connector, goLive } = createManualVenue({ answer: () => tradesOf('ETH/USDT', 1, 2) });
  await goLive();
  await expect(connector.marketData.fetchTrades('BTC-USDT')).rejects.toMatchObject({
    code: 'protocol',
    message: expect.stringMatching(/BTC\/USDT.*ETH\/USDT/),
  });
});

test('of more trades than were asked for the newest are given', async () => {
  const { connector, goLive } = createManualVenue({ answer: () => tradesOf('BTC/USDT', 1, 2, 3) });
  await goLive();
  const given = await connector.marketData.fetchTrades('BTC-USDT', { limit: 2 });
  expect(given.map(({ tradeId }) => tradeId)).toEqual(['2', '3']);
});

test('REST calls keep their own deadline and ask in the venue’s form', async () => {
  const sides = { ask: ['2', '1'], bid: ['1', '1'] };
  const ticker = { symbol: 'BTC/USDT', open: '1', close: '1', high: '1', low: '1', volume: '1', ...sides };
  const products = Array.from({ length: 51 }, (_, n) => product(`A${n}/USDT`));
  let give: unknown = [ticker];
  const { runtime, connector, urls, goLive } = createManualVenue({
    products: [product('BTC/USDT'), ...products],
    answer: () => give,
  });
  await goLive();
  const { marketData } = connector;
  await marketData.fetchTickers(['BTC-USDT']);
  expect(urls.at(-1)).toMatch(/\?symbol=BTC\/USDT,$/);
  const all = [...marketData.instruments].map(({ pair }) => pair);
  await expect(marketData.fetchTickers(all)).rejects.toMatchObject({ code: 'market-unavailable' });
  expect(urls.at(-1)).not.toMatch(/\?/);
  for (const limit of [0, -1, 1.5, 101]) {
    await expect(marketData.fetchTrades('BTC-USDT', { limit })).rejects.toMatchObject({
      code: 'invalid-request',
    });
  }
  give = undefined;
  const late = outcomeOf(marketData.fetchBook('BTC-USDT', { timeoutMs: 50 }));
  await turns(10);
  await runtime.advance(50);
  expect(await late).toBe('timeout');
});

test('the clock offset is that of the shortest round trip, from its middle', async () => {
  const trips = [100, 20, 60];
  const { connector, goLive } = createManualVenue({
    answer: (url, runtime) => {
      if (!url.pathname.includes('exchange-info')) return undefined;
      const trip = trips.shift() as number;
      runtime.stall(trip / 2);
      const requestReceiveAt = runtime.clock.now() + 5_000;
      runtime.stall(trip / 2);
      return { requestTimeEcho: 1, requestReceiveAt };
    },
  });
  await goLive();
  expect(await connector.fetchClockOffset()).toEqual({ offsetMs: 5_000, boundMs: 10 });
});

test('the deadline of the clock offset is over all samples together', async () => {
  const { connector, runtime, urls, goLive } = createManualVenue({
    answer: (_, { timers, clock }) =>
      new Promise((resolve) => {
        const reply = () => resolve({ requestTimeEcho: 1, requestReceiveAt: clock.now() });
        timers.setTimer(400, reply, 'reply');
      }),
  });
  await goLive();
  const offset = outcomeOf(connector.fetchClockOffset({ timeoutMs: 1_000, samples: 3 }));
  for (let step = 0; step < 10; step += 1) {
    await turns(10);
    await runtime.advance(100);
  }
  expect(await offset).toBe('timeout');
  expect(urls.filter((url) => url.includes('exchange-info'))).toHaveLength(3);
});

test.each([Number.NaN, 0, -1, 1.5, 21, Number.POSITIVE_INFINITY])(
  '%d samples of the clock are refused',
  async (samples) => {
    const { connector, urls, goLive } = createManualVenue();
    await goLive();
    const asked = urls.length;
    await expect(connector.fetchClockOffset({ samples })).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('samples: expected a whole number from 1 to 20'),
    });
    expect(urls).toHaveLength(asked);
  },
);
