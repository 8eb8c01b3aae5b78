/**
 * Order books that are exact, and that say so when they are not.
 *
 * @packageDocumentation
 */
export { type BookKeeper, type BookKeeperOptions, createBookKeeper } from './book-keeper.ts';
export { BookSync, type BookSyncCounts, type BookSyncStep } from './book-sync.ts';
export { type BookContent, type DepthUpdate, OrderBook, type PriceLevelText } from './order-book.ts';
