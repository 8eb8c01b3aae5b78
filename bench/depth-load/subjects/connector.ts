import { createAscendexSpot } from '../../../packages/ascendex-spot/src/index.ts';
import type { LiveBook, MarketHandle } from '../../../packages/connector-core/src/index.ts';
import type { BookReading } from '../load-plan.ts';
import type { LoadSubject, Look } from '../subject.ts';

/** Until every book is right. */
const openMs = 60_000;

/** The connector as its users have it, with the venue's own limits. */
export const subject: LoadSubject = {
  async open({ restUrl, streamUrl }, look) {
    const spot = createAscendexSpot({ endpoints: { restUrl, streamUrl } });
    await spot.connect();
    const { marketData } = spot;
    let lost = 0;
    spot.events.subscribe((event) => {
      if (event.kind !== 'connection' || event.state !== 'live') lost += 1;
    });
    const handles = await Promise.all(
      [...marketData.instruments].map(({ pair }) =>
        marketData.open(pair, { streams: ['book'], timeoutMs: openMs }),
      ),
    );
    await Promise.all(handles.map(({ book }) => book.whenLive({ timeoutMs: openMs })));
    const followers = handles.map((handle) => follow(handle, look));
    return {
      read: () => ({
        received: sum(handles, ({ book }) => book.stats.applied),
        troubles:
          lost +
          sum(handles, ({ book: { stats } }) => stats.gaps + stats.resyncs + stats.silences + stats.repeated),
        ownAudits: sum(handles, ({ book }) => book.stats.audits),
      }),
      books: () => followers.map((reading) => reading()),
      visit(visitor) {
        for (const handle of handles) show(handle, visitor);
      },
    };
  },
};

/** Gives what the book is at any time; the number is that of the newest event, so that nothing is copied for it. */
function follow(handle: MarketHandle, look: Look): () => BookReading {
  const { book, instrument } = handle;
  let sequence: bigint | undefined;
  book.subscribe((event) => {
    if (event.kind !== 'book') return;
    sequence = event.sequence;
    // The book is copied for those few looks that read it.
    if (sequence !== undefined) look(instrument.venueSymbol, sequence, () => contentOf(handle));
  });
  return () => ({
    ...{ symbol: instrument.venueSymbol, sequence: sequence?.toString() },
    applied: book.stats.applied,
  });
}

/** A book that is not live is not shown, and is missed. */
function show(handle: MarketHandle, look: Look): void {
  const view = handle.book.read();
  if (view.state === 'live' && view.sequence !== undefined)
    look(handle.instrument.venueSymbol, view.sequence, () => view);
}

function contentOf({ book, pair }: MarketHandle): LiveBook {
  const view = book.read();
  if (view.state === 'live') return view;
  throw new Error(`${pair}: expected a live book, got ${view.state}: ${view.reason}`);
}

function sum(handles: readonly MarketHandle[], count: (handle: MarketHandle) => number): number {
  return handles.reduce((total, handle) => total + count(handle), 0);
}
