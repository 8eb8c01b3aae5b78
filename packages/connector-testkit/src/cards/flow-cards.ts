import assert from 'node:assert/strict';
import type { TickerEvent, TradeEvent } from '@venuekit/connector-core';
import type { Card, CardGroup, MirrorCard } from './card.ts';
import type { CardContext } from './card-context.ts';
import type { Need } from './need.ts';

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
        assert.ok(
          trade.price.sign() > 0 && trade.amount.sign() > 0,
          `expected a positive trade, got ${trade.amount} at ${trade.price}`,
        );
        assert.ok(trade.side === 'buy' || trade.side === 'sell');
        const before = trades[at - 1];
        assert.ok(
          before === undefined || BigInt(before.tradeId) < BigInt(trade.tradeId),
          `expected ids that rise, got ${trade.tradeId} behind ${before?.tradeId}`,
        );
      }
    },
  ),
  card(
    'trades',
    '020',
    'who listens later hears a start of its own and nothing from before',
    async (context) => {
      await context.connect();
      const market = await context.settled(context.marketData.open(context.pair, { streams: ['trades'] }));
      const first: TradeEvent[] = [];
      market.trades.subscribe((event) => first.push(event));
      await context.until('five trades', () => first.length > 5);
      const known = new Set(first.flatMap((event) => (event.kind === 'trade' ? [event.tradeId] : [])));
      const second: TradeEvent[] = [];
      market.trades.subscribe((event) => second.push(event));
      await context.until('five more', () => second.length > 5);
      assert.equal(second[0]?.kind, 'start');
      assert.ok(
        second.every((event) => event.kind !== 'trade' || !known.has(event.tradeId)),
        'expected no trade from before',
      );
    },
  ),
  card('ticker', '010', 'best prices come, positive and not crossed', async (context) => {
    const events = await collect<TickerEvent>(context, 'ticker', 5);
    for (const event of events) {
      if (event.kind !== 'ticker') continue;
      assert.equal(event.pair, context.pair);
      const { bid, ask } = event;
      if (bid !== undefined && ask !== undefined) {
        assert.ok(bid.price.lessThan(ask.price), `expected ${bid.price} below ${ask.price}`);
      }
    }
  }),
];

function card(
  group: CardGroup & ('trades' | 'ticker'),
  number: string,
  title: string,
  run: (context: CardContext) => Promise<void>,
): Card {
  const need: Need = `marketData.streams.${group}`;
  return { id: `VK-${group === 'trades' ? 'TRADE' : 'TICK'}-${number}`, group, title, needs: [need], run };
}

async function collect<E>(
  context: CardContext,
  stream: 'trades' | 'ticker',
  count: number,
): Promise<readonly E[]> {
  await context.connect();
  const market = await context.settled(context.marketData.open(context.pair, { streams: [stream] }));
  const events: E[] = [];
  market[stream].subscribe((event) => events.push(event as E));
  await context.until(`${count} events`, () => events.length >= count);
  return events;
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
