import assert from 'node:assert/strict';
import { assertNotCrossed, assertSide } from './book-side.ts';
import type { Card, MirrorCard } from './card.ts';
import type { CardContext } from './card-context.ts';
import type { Need } from './need.ts';
import { isOlder } from './trade-order.ts';

type Fetch = 'tickers' | 'trades' | 'book';

/** Questions that are asked once. */
export const fetchCards: readonly Card[] = [
  card(
    'tickers',
    '010',
    'a ticker is given for the pair that was asked for, and only for that',
    async (context) => {
      await context.connect();
      const tickers = await context.settled(context.marketData.fetchTickers([context.pair]));
      assert.deepEqual(
        tickers.map(({ pair }) => pair),
        [context.pair],
      );
      assert.deepEqual(await context.settled(context.marketData.fetchTickers([])), []);
    },
  ),
  card('tickers', '020', 'an unknown pair is refused', async (context) => {
    await context.connect();
    await context.refused('market-unavailable', context.marketData.fetchTickers(['NO-SUCH']));
  }),
  card(
    'trades',
    '030',
    'the newest trades come oldest first, and no more than were asked for',
    async (context) => {
      await context.connect();
      await context.pass(30_000);
      const trades = await context.settled(context.marketData.fetchTrades(context.pair, { limit: 5 }));
      assert.ok(trades.length > 0 && trades.length <= 5, `expected one to five trades, got ${trades.length}`);
      for (const [at, trade] of trades.entries()) {
        const before = trades[at - 1];
        assert.ok(
          before === undefined || !isOlder(trade, before),
          `expected the oldest first, got ${trade.tradeId} behind ${before?.tradeId}`,
        );
        assert.equal(trade.pair, context.pair);
      }
      assert.equal(
        new Set(trades.map(({ tradeId }) => tradeId)).size,
        trades.length,
        'expected no trade twice',
      );
    },
  ),
  card('book', '040', 'a book is given no deeper than was asked for, best prices first', async (context) => {
    await context.connect();
    const { pair, bids, asks } = await context.settled(
      context.marketData.fetchBook(context.pair, { depth: 3 }),
    );
    assert.equal(pair, context.pair);
    assert.ok(
      bids.length <= 3 && asks.length <= 3,
      `expected three levels, got ${bids.length} and ${asks.length}`,
    );
    assert.ok(bids.length + asks.length > 0, 'expected a book with prices');
    assertSide('bids', bids);
    assertSide('asks', asks);
    assertNotCrossed(bids[0], asks[0]);
  }),
  ...(['tickers', 'trades', 'book'] as const).flatMap((fetch, at) => [
    card(
      fetch,
      `${100 + at * 20}`,
      `fetching ${fetch} with an aborted signal rejects with its reason`,
      async (context) => {
        await context.connect();
        const reason = new Error('the caller left');
        const asked = ask(context, fetch, { signal: AbortSignal.abort(reason) });
        await context.settled(assert.rejects(asked, (error) => error === reason));
      },
    ),
    card(
      fetch,
      `${110 + at * 20}`,
      `fetching ${fetch} before connect is refused with code not-connected`,
      async (context) => {
        await context.refused('not-connected', ask(context, fetch));
      },
    ),
  ]),
];

/** What is not fetched is refused. */
export const fetchMirrors: readonly MirrorCard[] = (['tickers', 'trades', 'book'] as const).map((fetch) => ({
  need: `marketData.fetches.${fetch}` satisfies Need,
  call: (context) => ask(context, fetch),
}));

/** The three questions, asked in one way; what throws at once rejects too. */
async function ask(
  { marketData, pair }: CardContext,
  fetch: Fetch,
  options: { readonly signal?: AbortSignal } = {},
): Promise<unknown> {
  if (fetch === 'tickers') return marketData.fetchTickers([pair], options);
  return fetch === 'trades' ? marketData.fetchTrades(pair, options) : marketData.fetchBook(pair, options);
}

function card(
  fetch: Fetch,
  number: string,
  title: string,
  run: (context: CardContext) => Promise<void>,
): Card {
  return { id: `VK-FETCH-${number}`, group: 'fetches', title, needs: [`marketData.fetches.${fetch}`], run };
}
