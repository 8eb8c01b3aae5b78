import type { CardContext } from './card-context.ts';
import type { Need } from './need.ts';

/** What a card is about. */
export type CardGroup =
  | 'lifecycle'
  | 'instruments'
  | 'book'
  | 'trades'
  | 'ticker'
  | 'fetches'
  | 'orders'
  | 'balances';

/** Something that a target must give beside a connector for a card to be run on it. */
export type Control = 'cut' | 'trade';

/**
 * One numbered proof of the contract, as data. It makes no use of what other cards did: each has a world of its own.
 */
export interface Card {
  /** For example `VK-BOOK-010`. Numbers leave room between them, and are never given to another card. */
  readonly id: string;
  readonly group: CardGroup;
  /** What holds, in a sentence. */
  readonly title: string;
  /** What a connector must claim for the card to say something about it. */
  readonly needs: readonly Need[];
  /** What the target must be able to do to its venue. */
  readonly controls?: readonly Control[];
  /** Proves it. Throws an `AssertionError` of `node:assert` that says what was expected and what was found. */
  run(context: CardContext): Promise<void>;
}

/** The proof that something which is not claimed is refused, by what is not claimed. */
export interface MirrorCard {
  readonly need: Need;
  /** What a connector must claim for the question to make sense. */
  readonly beside?: readonly Need[];
  /** What must reject with code `unsupported`. Never run on a connector without the facet: there is nothing to call. */
  call(context: CardContext): Promise<unknown>;
}
