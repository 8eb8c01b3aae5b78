import assert from 'node:assert/strict';
import type { MarketHandle, TickerChanged, TickerEvent, TradeEvent } from '@venuekit/connector-core';
import { assertNotCrossed, assertPositive, levelText } from './book-side.ts';
import type { Card, CardGroup, Control, MirrorCard } from './card.ts';
import type { CardContext } from './card-context.ts';
import type { Need } from './need.ts';
import { isOlder } from './trade-order.ts';

/** Trades and best prices. */
export const flowCards: readonly Card[] = [
  card(
    'trades',
    '010',
    'trades begin with a start, rise by id, and are never told twice',
    async (context) => {
      const events = await collect<TradeEvent>(context, 'trades', 20);
      assert.equal(events[0]?.kind, 'start');
      const trades = events.filter((event) => event.kind === 'trade');
      for (const [at, trade] of trades.entries()) {
        assert.equal(trade.pair, context.pair);
        assertPositive('trades', trade);
        assert.ok(trade.side === 'buy' || trade.side === 'sell');
        const before = trades[at - 1];
        assert.ok(
          before === undefined || !isOlder(trade, before),
          `expected ids that rise, got ${trade.tradeId} behind ${before?.tradeId}`,
        );
      }
      const told = new Set(trades.map(({ tradeId }) => tradeId));
      assert.equal(told.size, trades.length, 'expected no trade twice');
    },
  ),
  card(
    'trades',
    '020',
    'who listens later hears a start of its own and nothing from before',
    async (context) => {
      const { trades } = await open(context, 'trades');
      const first: TradeEvent[] = [];
      trades.subscribe((event) => first.push(event));
      await context.until('five trades', () => idsOf(first).length >= 5);
      const known = new Set(idsOf(first));
      const second: TradeEvent[] = [];
      trades.subscribe((event) => second.push(event));
      await context.until('five more', () => idsOf(second).length >= 5);
      assert.equal(second[0]?.kind, 'start');
      assert.ok(
        idsOf(second).every((id) => !known.has(id)),
        'expected no trade from before',
      );
    },
  ),
  card(
    'trades',
    '030',
    'after a break a gap and a new start come before the next trade',
    async (context) => {
      const { trades } = await open(context, 'trades');
      const events: TradeEvent[] = [];
      trades.subscribe((event) => events.push(event));
      await context.until('five trades', () => idsOf(events).length >= 5);
      // What had arrived when the connection broke may still be told before the connector notices.
      let before = events.length;
      context.connector.events.subscribe((event) => {
        if (event.kind === 'connection' && event.state !== 'live') before = events.length;
      });
      context.venue.cut?.();
      const gapAt = () => events.findIndex(({ kind }) => kind === 'gap');
      await context.until('a gap and trades again', () => {
        return gapAt() !== -1 && events.at(-1)?.kind === 'trade';
      });
      const gap = events[gapAt()];
      assert.ok(gap?.kind === 'gap' && gap.fromMs <= gap.toMs, 'expected a gap that begins before its end');
      const kinds = events.slice(before).map(({ kind }) => kind);
      assert.deepEqual(kinds.slice(0, 3), ['gap', 'start', 'trade']);
      const ids = idsOf(events);
      assert.equal(new Set(ids).size, ids.length, 'expected no trade twice');
    },
    ['cut'],
  ),
  card(
    'trades',
    '040',
    'trades say when their bytes arrived by the clock of this process, and when they happened if the venue tells it',
    async (context) => {
      const behindMs = 1_000;
      context.world.process('client').shiftClock(-behindMs);
      const now = () => context.world.clock.now() - behindMs;
      const { trades } = await open(context, 'trades');
      const openedMs = now();
      const seen: { readonly event: TradeEvent; readonly nowMs: number }[] = [];
      trades.subscribe((event) => seen.push({ event, nowMs: now() }));
      await context.until('five trades', () => seen.length > 5);
      for (const { event, nowMs } of seen) if (event.kind === 'trade') assertTimes(event, openedMs, nowMs);
    },
  ),
  card(
    'trades',
    '050',
    'a reader that falls behind is ended with code slow-consumer, and until then nothing is lost for it',
    slowReader,
    ['trade'],
  ),
  card('ticker', '010', 'best prices come, positive and not crossed', async (context) => {
    const events = await collect<TickerEvent>(context, 'ticker', 5);
    const tickers = events.filter((event) => event.kind === 'ticker');
    for (const { pair, bid, ask } of tickers) {
      assert.equal(pair, context.pair);
      for (const level of [bid, ask]) if (level !== undefined) assertPositive('best prices', level);
      assertNotCrossed(bid, ask);
    }
    assert.ok(
      tickers.some(({ bid, ask }) => bid !== undefined || ask !== undefined),
      'expected a price',
    );
  }),
  card('ticker', '020', 'who listens later begins with the newest ticker', async (context) => {
    const { ticker } = await open(context, 'ticker');
    const first: TickerEvent[] = [];
    ticker.subscribe((event) => first.push(event));
    await context.until('two tickers', () => first.length >= 2 && first.at(-1)?.kind === 'ticker');
    const second: TickerEvent[] = [];
    ticker.subscribe((event) => second.push(event));
    const [opening] = second;
    assert.ok(opening?.kind === 'ticker', `expected the newest ticker at once, got ${opening?.kind}`);
    assert.equal(tickerText(opening), tickerText(first.at(-1) as TickerChanged));
  }),
];

function card(
  group: CardGroup & ('trades' | 'ticker'),
  number: string,
  title: string,
  run: (context: CardContext) => Promise<void>,
  controls: readonly Control[] = [],
): Card {
  const need: Need = `marketData.streams.${group}`;
  const id = `VK-${group === 'trades' ? 'TRADE' : 'TICK'}-${number}`;
  return { id, group, title, needs: [need], controls, run };
}

async function open(context: CardContext, stream: 'trades' | 'ticker'): Promise<MarketHandle> {
  await context.connect();
  return context.settled(context.marketData.open(context.pair, { streams: [stream] }));
}

async function collect<E>(
  context: CardContext,
  stream: 'trades' | 'ticker',
  count: number,
): Promise<readonly E[]> {
  const market = await open(context, stream);
  const events: E[] = [];
  market[stream].subscribe((event) => events.push(event as E));
  await context.until(`${count} events`, () => events.length >= count);
  return events;
}

function idsOf(events: readonly TradeEvent[]): readonly string[] {
  return events.flatMap((event) => (event.kind === 'trade' ? [event.tradeId] : []));
}

function tickerText({ bid, ask, venueTimeMs }: TickerChanged): string {
  return `${levelText(bid)} ${levelText(ask)} ${venueTimeMs}`;
}

/** From 2001 to 2096: seconds or microseconds in the place of milliseconds lie elsewhere. */
const [earliestMs, latestMs] = [1e12, 4e12];

function assertTimes(
  { venueTimeMs, receivedAtMs }: { readonly venueTimeMs: number | undefined; readonly receivedAtMs: number },
  openedMs: number,
  nowMs: number,
): void {
  assert.ok(
    receivedAtMs >= openedMs && receivedAtMs <= nowMs,
    `expected bytes that arrived between ${openedMs} and ${nowMs} by the clock of this process, got ${receivedAtMs}`,
  );
  if (venueTimeMs === undefined) return;
  assert.ok(
    Number.isInteger(venueTimeMs) && venueTimeMs > earliestMs && venueTimeMs < latestMs,
    `expected the venue's time in milliseconds since the epoch, got ${venueTimeMs}`,
  );
}

/** No bound that makes sense is larger. */
const [burst, bursts] = [10_000, 10];

async function slowReader(context: CardContext): Promise<void> {
  const { trades } = await open(context, 'trades');
  const reader = trades[Symbol.asyncIterator]();
  const told: string[] = [];
  const listening = trades.subscribe((event) => void (event.kind === 'trade' && told.push(event.tradeId)));
  for (let at = 0; at < bursts && trades.stats.slowConsumers === 0; at += 1) {
    const before = told.length;
    context.venue.trade?.(burst);
    await context.until('the trades of the venue', () => told.length >= before + burst);
  }
  assert.equal(trades.stats.slowConsumers, 1, 'expected a reader that was ended, and counted');
  const read: string[] = [];
  const reading = (async () => {
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) {
      if (next.value.kind === 'trade') read.push(next.value.tradeId);
    }
  })();
  await context.refused('slow-consumer', reading);
  assert.ok(read.length > 0, 'expected what came before the bound');
  // Not all at once: a difference between thousands takes long to print.
  const lost = read.findIndex((id, at) => id !== told[at]);
  assert.equal(read[lost], told[lost], 'expected every trade until the end');
  listening[Symbol.dispose]();
}

/** A stream that is not claimed is refused when it is asked for, and its feed has ended for who reads it all the same. */
export const streamMirrors: readonly MirrorCard[] = (['book', 'trades', 'ticker'] as const).map((stream) => ({
  need: `marketData.streams.${stream}` satisfies Need,
  call: async (context) => {
    const { marketData, pair } = context;
    const market = await context.settled(marketData.open(pair));
    const codes: (string | undefined)[] = [];
    market[stream].subscribe(() => {}, { onEnd: (error) => codes.push(error?.code) });
    assert.deepEqual(codes, ['unsupported'], `expected the feed of ${stream} to have ended`);
    return marketData.open(pair, { streams: [stream] });
  },
}));
