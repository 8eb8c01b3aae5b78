import assert from 'node:assert/strict';
import type { Book, BookEvent, BookLevel, LiveBook, MarketHandle } from '@venuekit/connector-core';
import { assertAnswers } from './book-answers.ts';
import { assertNotCrossed, assertSame, assertSide, levelText } from './book-side.ts';
import type { Card, Control } from './card.ts';
import type { CardContext } from './card-context.ts';

/** Order books: right, or not live. */
export const bookCards: readonly Card[] = [
  card('010', 'a book becomes live, sorted, positive and not crossed', async (context) => {
    const { book } = await openBook(context);
    assertBook(await context.settled(book.whenLive()));
    const now = book.read();
    assert.ok(now.state === 'live', `expected a live book, got one that is ${now.state}`);
    assertBook(now);
    assert.ok(now.bids().length + now.asks().length > 0, 'expected a book with prices');
    assertSame('bestBid()', book.bestBid(), now.bids(1)[0]);
    assertSame('bestAsk()', book.bestAsk(), now.asks(1)[0]);
  }),
  card('020', 'a view that is kept does not change while the book goes on', async (context) => {
    const { book } = await openBook(context);
    const kept = await context.settled(book.whenLive());
    const before = textOf(kept);
    await changes(context, book, 10);
    const now = book.read();
    if (now.state === 'live') assertBook(now);
    assert.equal(textOf(kept), before);
  }),
  card('030', 'the feed of a book begins with its present state', async (context) => {
    const { book } = await openBook(context);
    await context.settled(book.whenLive());
    const events: BookEvent[] = [];
    book.subscribe((event) => events.push(event));
    const [first] = events;
    assert.ok(
      first?.kind === 'book' && first.state === 'live',
      `expected the live state first, got ${first?.kind}`,
    );
  }),
  card('040', 'an unknown pair is refused', async (context) => {
    await context.connect();
    await context.refused('market-unavailable', context.marketData.open('NO-SUCH', { streams: ['book'] }));
  }),
  card('050', 'a handle that was closed has no price, and its readers end', async (context) => {
    const market = await openBook(context);
    await context.settled(market.book.whenLive());
    const reading = readToEnd(market);
    let ended = false;
    market.book.subscribe(() => {}, {
      onEnd: () => {
        ended = true;
      },
    });
    market.close();
    market.close();
    assert.equal(market.book.read().state, 'closed');
    assert.ok(ended, 'expected the listener to hear the end');
    await context.settled(reading);
    await context.refusedCall('closed', () => market.book.bestBid());
    await context.refused('closed', market.book.whenLive());
  }),
  card('060', 'handles of one pair are independent: closing one leaves the other', async (context) => {
    const first = await openBook(context);
    const second = await context.settled(context.marketData.open(context.pair, { streams: ['book'] }));
    await context.settled(Promise.all([first.book.whenLive(), second.book.whenLive()]));
    first.close();
    assert.equal(second.book.read().state, 'live');
    await changes(context, second.book, 3);
  }),
  card('070', 'opening before connect is refused with code not-connected', async (context) => {
    await context.refused('not-connected', context.marketData.open(context.pair, { streams: ['book'] }));
  }),
  card('080', 'a connector that is closed closes its books', async (context) => {
    const { book } = await openBook(context);
    const waiting = book.whenLive();
    await context.settled(waiting);
    await context.settled(context.connector.close());
    assert.equal(book.read().state, 'closed');
    await context.refused('closed', context.marketData.open(context.pair));
  }),
  card('090', 'reading with a signal ends in order when it is aborted', async (context) => {
    const { book } = await openBook(context);
    const stopping = new AbortController();
    let seen = 0;
    const reading = (async () => {
      for await (const _ of book.until(stopping.signal)) {
        seen += 1;
        if (seen === 3) stopping.abort();
      }
    })();
    await context.settled(reading);
    assert.equal(seen, 3);
  }),
  card(
    '100',
    'a book whose connection breaks has no price in the same step, and says what is missing before it is live again',
    async (context) => {
      const { book } = await openBook(context);
      await context.settled(book.whenLive());
      const events: BookEvent[] = [];
      book.subscribe((event) => events.push(event));
      const stateWhenDown = statesAtLoss(context, book);
      context.venue.cut?.();
      await context.until('the book to notice', () => book.read().state !== 'live');
      await context.refusedCall('stale', () => book.bestAsk());
      await context.refused('stale', book.audit());
      assertBook(await context.settled(book.whenLive()));
      assert.ok(
        !stateWhenDown.includes('live'),
        'expected a book that is not live as soon as the connector is down',
      );
      for (const event of events) {
        if (event.kind === 'gap')
          assert.ok(event.fromMs <= event.toMs, 'expected a gap that begins before its end');
      }
      const story = events.map((event) => (event.kind === 'gap' ? 'gap' : event.state));
      const lost = story.findIndex((word) => word === 'stale' || word === 'resyncing');
      const back = story.indexOf('live', lost);
      const gap = story.indexOf('gap', lost);
      assert.ok(gap > lost && gap < back, `expected lost, gap, live; got ${story.join(', ')}`);
    },
    ['cut'],
  ),
  {
    ...card('110', 'an audit of a book that is right finds it equal, and is counted', async (context) => {
      const { book } = await openBook(context);
      await context.settled(book.whenLive());
      const { audits, gaps } = book.stats;
      const { outcome } = await context.settled(book.audit());
      assert.equal(outcome, 'equal');
      assert.deepEqual([book.stats.audits, book.stats.gaps], [audits + 1, gaps]);
    }),
    needs: ['marketData.streams.book', 'marketData.bookIntegrity.sequence'],
  },
  card(
    '120',
    'whoever waits for a book waits no longer than it said, and gets code timeout',
    async (context) => {
      const { book } = await openBook(context);
      await context.settled(book.whenLive());
      context.venue.cut?.();
      await context.until('the book to notice', () => book.read().state !== 'live');
      const before = context.world.clock.monotonic();
      const outcome = await context.settled(
        book.whenLive({ timeoutMs: 1 }).then(
          ({ state }) => state,
          (error: { readonly code?: string }) => error.code,
        ),
      );
      // A venue without a distance may be back at once.
      assert.ok(outcome === 'timeout' || outcome === 'live', `expected code timeout, got ${outcome}`);
      const tookMs = context.world.clock.monotonic() - before;
      assert.ok(tookMs <= 1, `expected an end after 1 ms, got one after ${tookMs} ms`);
    },
    ['cut'],
  ),
  card('130', 'leaving a loop over a feed leaves no reader behind', async (context) => {
    const { book } = await openBook(context);
    await context.settled(book.whenLive());
    const { consumers } = book.stats;
    let during = 0;
    const reading = (async () => {
      for await (const _ of book) {
        during = book.stats.consumers;
        break;
      }
    })();
    await context.settled(reading);
    assert.equal(during, consumers + 1, 'expected the reader to be counted while it reads');
    assert.equal(book.stats.consumers, consumers);
  }),
  card(
    '140',
    'the queries of a book follow from its levels, and a book that is not live answers none',
    async (context) => {
      const market = await openBook(context);
      const { book } = market;
      await context.settled(book.whenLive());
      const view = book.read();
      assert.ok(view.state === 'live', `expected a live book, got one that is ${view.state}`);
      assertAnswers(view, view);
      assertAnswers(view, book);
      await changes(context, book, 5);
      assertAnswers(view, view);
      for (const bad of ['0', '-1', 'NaN'])
        await context.refusedCall('invalid-request', () => view.priceForVolume('buy', bad));
      market.close();
      await context.refusedCall('closed', () => book.priceForVolume('buy', '1'));
      await context.refusedCall('closed', () => book.imbalance(1, { decimalPlaces: 2, rounding: 'down' }));
    },
  ),
];

function card(
  number: string,
  title: string,
  run: (context: CardContext) => Promise<void>,
  controls: readonly Control[] = [],
): Card {
  return { id: `VK-BOOK-${number}`, group: 'book', title, needs: ['marketData.streams.book'], controls, run };
}

async function openBook(context: CardContext): Promise<MarketHandle> {
  await context.connect();
  return context.settled(context.marketData.open(context.pair, { streams: ['book'] }));
}

/** Waits until a book has told of as many changes and is another one than now. */
async function changes(context: CardContext, book: Book, count: number): Promise<void> {
  const content = () => {
    const view = book.read();
    return view.state === 'live' ? textOf(view) : view.state;
  };
  const before = content();
  let told = 0;
  const listening = book.subscribe((event) => {
    if (event.kind === 'book') told += 1;
  });
  // The first event is the present state.
  await context.until(`${count} changes of the book`, () => told > count && content() !== before);
  listening[Symbol.dispose]();
}

/** How a book was each time that the connector said it has no connection, from now on. */
function statesAtLoss({ connector }: CardContext, book: Book): readonly string[] {
  const states: string[] = [];
  connector.events.subscribe((event) => {
    if (event.kind === 'connection' && event.state === 'down') states.push(book.read().state);
  });
  return states;
}

async function readToEnd({ book }: MarketHandle): Promise<void> {
  for await (const _ of book);
}

/** Both sides sorted from the best on, every level positive, and the best bid below the best ask. */
function assertBook(view: LiveBook): void {
  const [bids, asks] = [view.bids(), view.asks()];
  assertSide('bids', bids);
  assertSide('asks', asks);
  const [bid, ask] = [bids[0], asks[0]];
  assertSame('bestBid', view.bestBid, bid);
  assertSame('bestAsk', view.bestAsk, ask);
  assertNotCrossed(bid, ask);
}

function textOf(view: LiveBook): string {
  const side = (levels: readonly BookLevel[]) => levels.map(levelText).join(' ');
  return `${view.sequence} ${side(view.bids())} | ${side(view.asks())}`;
}
