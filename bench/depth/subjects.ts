import type { DepthSubject } from './subject.ts';

/** The program that every ratio refers to, from the same bytes: no book at all. */
export const floor = 'JSON.parse(frame.toString())';

/** Programs without a book, by what they do with each frame. */
export const bare: Readonly<Record<string, (frame: Buffer) => unknown>> = {
  [floor]: (frame) => JSON.parse(frame.toString()),
  'frame.toString()': (frame) => frame.toString(),
};

/** Loads a subject; the others are not even read in its process. */
export const subjects: Readonly<Record<string, () => Promise<{ readonly subject: DepthSubject }>>> = {
  'venuekit: createDepthPipeline': () => import('./subjects/venuekit-pipeline.ts'),
  'venuekit: createDepthPipeline, exact way': () => import('./subjects/venuekit-pipeline-exact.ts'),
  'venuekit: scanner, ScaledBook': () => import('./subjects/venuekit-fast.ts'),
  'venuekit: decoder, ScaledBook': () => import('./subjects/venuekit-exact.ts'),
  'venuekit: decoder, OrderBook of texts': () => import('./subjects/venuekit-texts.ts'),
  'JSON.parse, flat typed arrays': () => import('./subjects/typed-arrays.ts'),
  'JSON.parse, sorted array': () => import('./subjects/sorted-array.ts'),
  'JSON.parse, sorted-btree': () => import('./subjects/sorted-btree.ts'),
  'tardis-dev OrderBook, own mapper': () => import('./subjects/tardis.ts'),
  'JSON.parse, ccxt 4.5.84 OrderBook': () => import('./subjects/ccxt-class.ts'),
  'ccxt 4.5.63 onMessage, 4.5.84 OrderBook': () => import('./subjects/ccxt-new-book.ts'),
  'ccxt 4.5.63 onMessage, as released': () => import('./subjects/ccxt-released.ts'),
};
