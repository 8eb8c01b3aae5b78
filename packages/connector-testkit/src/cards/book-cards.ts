import assert from 'node:assert/strict';
import type { BookEvent, BookLevel, LiveBook, MarketHandle } from '@venuekit/connector-core';
import type { Card, Control } from './card.ts';
import type { CardContext } from './card-context.ts';

/** Order books: right, or not live. */
export const bookCards: readonly Card[] = [
  card('010', 'a book becomes live, sorted, positive and not crossed', async (context) => {
    const { book } = await openBook(context);
    const view = await context.settled(book.whenLive());
    assertBook(view);
    assert.equal(book.read().state, 'live');
    assert.deepEqual(book.bestBid(), view.bids(1)[0]);
    assert.deepEqual(book.bestAsk(), view.asks(1)[0]);
  }),
  card('020', 'a view that is kept does not change while the book goes on', async (context) => {
    const { book } = await openBook(context);
    const kept = await context.settled(book.whenLive());
    const before = textOf(kept);
    await context.until('ten changes of the book', () => book.stats.applied >= 10);
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
    await context.refused(
      'closed',
      Promise.resolve().then(() => market.book.bestBid()),
    );
    await context.refused('closed', market.book.whenLive());
  }),
  card('060', 'handles of one pair are independent: closing one leaves the other', async (context) => {
    const first = await openBook(context);
    const second = await context.settled(context.marketData.open(context.pair, { streams: ['book'] }));
    await context.settled(Promise.all([first.book.whenLive(), second.book.whenLive()]));
    first.close();
    assert.equal(second.book.read().state, 'live');
    const { applied } = second.book.stats;
    await context.until('more changes', () => second.book.stats.applied > applied);
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
      const story: string[] = [];
      book.subscribe((event) => story.push(event.kind === 'gap' ? 'gap' : event.state));
      context.venue.cut?.();
      await context.until('the book to notice', () => book.read().state !== 'live');
      await context.refused(
        'stale',
        Promise.resolve().then(() => book.bestAsk()),
      );
      assertBook(await context.settled(book.whenLive()));
      const lost = story.findIndex((word) => word === 'stale' || word === 'resyncing');
      const back = story.indexOf('live', lost);
      const gap = story.indexOf('gap', lost);
      assert.ok(lost > 0 && gap > lost && gap < back, `expected lost, gap, live; got ${story.join(', ')}`);
    },
    ['cut'],
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

async function readToEnd({ book }: MarketHandle): Promise<void> {
  for await (const _ of book);
}

/** Both sides sorted from the best on, every level positive, and the best bid below the best ask. */
function assertBook(view: LiveBook): void {
  const [bids, asks] = [view.bids(), view.asks()];
  assertSide('bids', bids, (better, worse) => better.price.greaterThan(worse.price));
  assertSide('asks', asks, (better, worse) => better.price.lessThan(worse.price));
  const [bid, ask] = [bids[0], asks[0]];
  assert.deepEqual([view.bestBid, view.bestAsk], [bid, ask]);
  if (bid !== undefined && ask !== undefined) {
    assert.ok(
      bid.price.lessThan(ask.price),
      `expected a book that is not crossed, got ${bid.price} against ${ask.price}`,
    );
  }
}

function assertSide(
  name: string,
  levels: readonly BookLevel[],
  isBetter: (better: BookLevel, worse: BookLevel) => boolean,
): void {
  for (const [at, level] of levels.entries()) {
    assert.ok(
      level.price.sign() > 0 && level.amount.sign() > 0,
      `expected positive ${name}, got ${level.amount} at ${level.price}`,
    );
    const before = levels[at - 1];
    assert.ok(
      before === undefined || isBetter(before, level),
      `expected ${name} from the best on, got ${level.price} behind ${before?.price}`,
    );
  }
}

function textOf(view: LiveBook): string {
  const side = (levels: readonly BookLevel[]) =>
    levels.map(({ price, amount }) => `${amount}@${price}`).join(' ');
  return `${view.sequence} ${side(view.bids())} | ${side(view.asks())}`;
}
