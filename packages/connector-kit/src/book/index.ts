/**
 * Order books that are exact, and that say so when they are not.
 *
 * @packageDocumentation
 */
export { type BookKeeper, type BookKeeperOptions, createBookKeeper } from './book-keeper.ts';
export { BookSync, type BookSyncCounts, type BookSyncStep } from './book-sync.ts';
export { type BookContent, type DepthUpdate, OrderBook, type PriceLevelText } from './order-book.ts';
export {
  createScaledBook,
  type DepthFault,
  type ScaledBook,
  type ScaledLevel,
  type ScaledLevels,
  type ScaledSnapshot,
} from './scaled-book.ts';
export {
  type AveragePrice,
  averagePrice,
  type Imbalance,
  imbalance,
  type PriceForQuoteVolume,
  type PriceForVolume,
  priceForQuoteVolume,
  priceForVolume,
  type VolumeForPrice,
  volumeForPrice,
} from './scaled-queries.ts';
export type { ScaledSideName } from './scaled-side.ts';
