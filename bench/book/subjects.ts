import type { BookSubject } from './subject.ts';

/** The one that every ratio refers to: the best that ordinary code does. */
export const floor = 'sorted array';

/** A subject, whatever its messages are. */
export type AnySubject = BookSubject<unknown>;

/** Loads a subject; the others are not even read in its process. */
export const subjects: Readonly<Record<string, () => Promise<{ readonly subject: unknown }>>> = {
  [floor]: () => import('./subjects/sorted-array.ts'),
  'venuekit ScaledBook': () => import('./subjects/venuekit.ts'),
  'flat typed arrays': () => import('./subjects/typed-arrays.ts'),
  'sorted-btree': () => import('./subjects/sorted-btree.ts'),
  'tardis-dev OrderBook': () => import('./subjects/tardis.ts'),
  'ccxt 4.5.84 OrderBook': () => import('./subjects/ccxt-current.ts'),
  'ccxt 4.5.63 OrderBook': () => import('./subjects/ccxt-with-venue.ts'),
};
