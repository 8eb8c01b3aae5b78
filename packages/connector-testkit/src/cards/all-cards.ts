import { balanceCards } from './balance-cards.ts';
import { bookCards } from './book-cards.ts';
import type { Card, MirrorCard } from './card.ts';
import { fetchCards, fetchMirrors } from './fetch-cards.ts';
import { flowCards, streamMirrors } from './flow-cards.ts';
import { instrumentCards } from './instrument-cards.ts';
import { lifecycleCards } from './lifecycle-cards.ts';
import { orderCards, orderMirrors } from './order-cards.ts';
import { orderRuleCards } from './order-rule-cards.ts';

/** Every card, by group. */
export const allCards: readonly Card[] = [
  ...lifecycleCards,
  ...instrumentCards,
  ...bookCards,
  ...flowCards,
  ...fetchCards,
  ...orderCards,
  ...orderRuleCards,
  ...balanceCards,
];

/** What proves that something unclaimed is refused. */
export const allMirrors: readonly MirrorCard[] = [...streamMirrors, ...fetchMirrors, ...orderMirrors];
