/**
 * Proof that a connector keeps the contract: numbered cards that any test framework can run, each in a world of its own.
 *
 * @packageDocumentation
 */
export { allCards, allMirrors } from './cards/all-cards.ts';
export type { Card, CardGroup, Control, MirrorCard } from './cards/card.ts';
export type { CardContext } from './cards/card-context.ts';
export {
  type CardResult,
  describeTarget,
  type PlannedCard,
  planCards,
  runCards,
  type TestFunction,
} from './cards/card-runner.ts';
export { claimsOf, isClaimed, type Need } from './cards/need.ts';
export type { Target, TargetVenue } from './cards/target.ts';
