import { BookSync } from '../src/book/book-sync.ts';
import type { DepthUpdate, PriceLevelText } from '../src/book/order-book.ts';

/** A snapshot with one ask. */
export function snapshotAt(sequence: bigint, bids: PriceLevelText[] = [['9', '1']]): DepthUpdate {
  return { sequence, venueTimeMs: 2, bids, asks: [['11', '1']] };
}

/** A change of bids. */
export function changeAt(sequence: bigint, bids: PriceLevelText[] = []): DepthUpdate {
  return { sequence, venueTimeMs: 2, bids, asks: [] };
}

/** A book that is live at a number. */
export function opened(at = 10n, snapshotDepth?: number): BookSync {
  const sync = new BookSync({ snapshotDepth });
  sync.confirmed();
  sync.snapshot(snapshotAt(at));
  return sync;
}
