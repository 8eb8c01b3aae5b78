import { bookCards } from './book-cards.ts';
import type { Card, MirrorCard } from './card.ts';
import { fetchCards, fetchMirrors } from './fetch-cards.ts';
import { flowCards, streamMirrors } from './flow-cards.ts';
import { instrumentCards } from './instrument-cards.ts';
import { lifecycleCards } from './lifecycle-cards.ts';
import { orderCards, orderMirrors } from './order-cards.ts';

/** Every card, by group and number. */
export const allCards: readonly Card[] = [
  ...lifecycleCards,
  ...instrumentCards,
  ...bookCards,
  ...flowCards,
  ...fetchCards,
  ...orderCards,
];

/** What proves that something unclaimed is refused. */
export const allMirrors: readonly MirrorCard[] = [...streamMirrors, ...fetchMirrors, ...orderMirrors];
