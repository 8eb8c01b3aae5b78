import { type ConnectorEvent, type TradeEvent, VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { createManualVenue, depth, inBrief, tradeRow, trades, withLiveBook } from './manual-venue.ts';

const badDepth = {
  m: 'depth',
  symbol: 'BTC/USDT',
  data: { ts: 1, seqnum: 11, bids: [['9', '-1']], asks: [] },
};
const kindsOf = (events: readonly ConnectorEvent[]) => events.map(({ kind }) => kind);

/** What the trades of `BTC-USDT` say: numbers of trades, and words. */
async function watchTrades(venue = createManualVenue()) {
  await venue.goLive();
  const market = await venue.connector.marketData.open('BTC-USDT');
  const told: string[] = [];
  market.trades.subscribe((event) => told.push(event.kind === 'trade' ? event.tradeId : event.kind));
  await venue.confirm();
  return { venue, told };
}

test('an unreadable depth message makes its book unavailable at once, and is told', async () => {
  const venue = createManualVenue();
  const { book } = await withLiveBook(venue);
  expect(inBrief(book)).toBe('live 10 bid 9');
  venue.say(badDepth);
  expect(inBrief(book)).toBe('resyncing');
  expect(venue.events.at(-1)).toMatchObject({ kind: 'data-refused', error: { code: 'protocol' } });
});

test('whoever hears of an unreadable depth message finds its book unavailable', async () => {
  const venue = createManualVenue();
  const { book } = await withLiveBook(venue);
  const seen: string[] = [];
  venue.connector.events.subscribe(({ kind }) => kind === 'data-refused' && seen.push(inBrief(book)));
  venue.say(badDepth);
  expect(seen).toEqual(['resyncing']);
});

test('an unreadable depth message leaves the trades and the other books alone', async () => {
  const { venue, told } = await watchTrades();
  const eth = await venue.connector.marketData.open('ETH-USDT');
  eth.book.read();
  await venue.confirm();
  venue.say({ ...depth('depth-snapshot', 5), symbol: 'ETH/USDT' });
  venue.say(badDepth);
  expect(inBrief(eth.book)).toBe('live 5 bid 9');
  expect(told).toEqual(['start']);
});

test('an unreadable snapshot is asked for again', async () => {
  const venue = createManualVenue();
  await venue.goLive();
  const { book } = await venue.connector.marketData.open('BTC-USDT');
  book.read();
  await venue.confirm();
  expect(venue.sent('req')).toHaveLength(1);
  venue.say({ ...depth('depth-snapshot', 10), data: { seqnum: 10 } });
  expect(venue.events.at(-1)?.kind).toBe('data-refused');
  // Sooner than the deadline of the first request.
  await venue.runtime.advance(1_000);
  expect(venue.sent('req')).toHaveLength(2);
  venue.say(depth('depth-snapshot', 12));
  expect(inBrief(book)).toBe('live 12 bid 9');
});

test('a frame that was cut is told, and a lost change of a book shows at the next one', async () => {
  const venue = createManualVenue();
  const { book } = await withLiveBook(venue);
  venue.say(JSON.stringify(depth('depth', 11, [['10', '1']])).slice(0, 60));
  expect(venue.events.at(-1)?.kind).toBe('data-refused');
  venue.say(depth('depth', 12, [['8', '1']]));
  expect(inBrief(book)).toBe('resyncing');
});

test('a trade row that cannot be read is a gap behind its neighbours', async () => {
  const { venue, told } = await watchTrades();
  venue.say(trades(tradeRow(1), tradeRow(2, { p: 'NaN' }), tradeRow(3)));
  venue.say(trades(tradeRow(4)));
  expect(told).toEqual(['start', '1', '3', 'gap', 'start', '4']);
  expect(kindsOf(venue.events).filter((kind) => kind === 'data-refused')).toHaveLength(1);
});

test('a trades message that cannot be read is a gap', async () => {
  const { venue, told } = await watchTrades();
  venue.say({ ...trades(), data: 'none' });
  venue.say(trades(tradeRow(1)));
  expect(told).toEqual(['start', 'gap', 'start', '1']);
});

test('a frame of which nothing is known is a gap in the trades of every market', async () => {
  const { venue, told } = await watchTrades();
  const eth = await venue.connector.marketData.open('ETH-USDT');
  const others: string[] = [];
  eth.trades.subscribe(({ kind }) => others.push(kind));
  await venue.confirm();
  venue.say('{"m":"trades","symbol":"BTC/USDT","data":[{"p":"1","q');
  venue.say(trades(tradeRow(5)));
  expect(told).toEqual(['start', 'gap', 'start', '5']);
  expect(others).toEqual(['start', 'gap', 'start']);
});

test('best prices that cannot be read are told and nothing else', async () => {
  const { venue, told } = await watchTrades();
  venue.say({ m: 'bbo', symbol: 'BTC/USDT', data: { ts: 1, bid: ['x', '1'] } });
  expect(venue.events.at(-1)?.kind).toBe('data-refused');
  expect(told).toEqual(['start']);
});

test('bytes that are no text are told', async () => {
  const { connector, events, goLive, socket } = createManualVenue();
  await goLive();
  const bytes = Buffer.from('{"m":"nothing","x":"?"}');
  bytes[bytes.indexOf('?')] = 0xff;
  socket().handlers.message(bytes);
  expect(events.at(-1)?.kind).toBe('data-refused');
  expect(connector.state).toBe('live');
});

test('the taker’s side is the other one of the maker’s', async () => {
  const { connector, say, goLive, confirm } = createManualVenue();
  await goLive();
  const market = await connector.marketData.open('BTC-USDT');
  const seen: TradeEvent[] = [];
  market.trades.subscribe((event) => seen.push(event));
  await confirm();
  say(trades(tradeRow(1, { bm: true }), tradeRow(2, { bm: false })));
  expect(seen.map((event) => event.kind === 'trade' && event.side)).toEqual([false, 'sell', 'buy']);
});

test('an error is an instance of its own class, not of one made from it', () => {
  class Mine extends VenueError {}
  expect(new VenueError({ code: 'closed', message: 'x' })).not.toBeInstanceOf(Mine);
  expect(new Mine({ code: 'closed', message: 'x' })).toBeInstanceOf(VenueError);
});
