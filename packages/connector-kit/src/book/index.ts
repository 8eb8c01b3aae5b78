/**
 * Order books that are exact, and that say so when they are not.
 *
 * @packageDocumentation
 */
export type { BestLevels } from './best-levels.ts';
export { createBookKeeper } from './book-keeper.ts';
export type { BookKeeper, BookKeeperOptions, SnapshotTaker } from './book-keeper-options.ts';
export { BookSync } from './book-sync.ts';
export type {
  BookFault,
  BookFaultKind,
  BookSyncCounts,
  BookSyncOptions,
  BookSyncStep,
} from './book-sync-step.ts';
export { scaleOf, stageOf } from './instrument-scale.ts';
export { type BookContent, type DepthUpdate, OrderBook, type PriceLevelText } from './order-book.ts';
export type { QueriedBook, Units } from './queried-book.ts';
export {
  createScaledBook,
  type DepthFault,
  type ScaledBook,
  type ScaledLevel,
  type ScaledLevels,
  type ScaledSnapshot,
} from './scaled-book.ts';
export {
  averagePrice,
  imbalance,
  priceForQuoteVolume,
  priceForVolume,
  volumeForPrice,
} from './scaled-queries.ts';
export type { ScaledSideName } from './scaled-side.ts';
export type { DepthSides } from './text-book.ts';
