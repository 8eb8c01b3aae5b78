import type { EngineEvent } from '../../packages/exchange-simulator/src/engine/engine-types.ts';
import { type Action, act, makeEngine } from './order-stream.ts';

/** A book of some library. */
export interface Book {
  act(action: Action): void;
  /** Price and size of every level, buys and sells. */
  levels(): readonly (readonly (readonly [price: number, size: number])[])[];
}

/** The parts that both packages of one author share. */
interface PackagedBook {
  limit(order: { id: string; side: 'buy' | 'sell'; size: number; price: number }): unknown;
  market(order: { side: 'buy' | 'sell'; size: number }): unknown;
  cancel(id: string): unknown;
  depth(): [asks: [number, number][], bids: [number, number][]];
}

function packaged(book: PackagedBook): Book {
  return {
    act(action) {
      if (action.kind === 'limit') {
        const { id, side, size, price } = action;
        book.limit({ id, side, size, price });
      } else if (action.kind === 'market') book.market({ side: action.side, size: action.size });
      else book.cancel(action.id);
    },
    levels: () => book.depth(),
  };
}

/** With accounts, holds, fees and every event told. */
function venuekit(): Book {
  let heard = 0;
  let last: EngineEvent | undefined;
  const engine = makeEngine((event) => {
    heard = (heard + event.sequence) | 0;
    // Kept, so that no event is left out because nobody would miss it.
    last = event;
  });
  return {
    act: (action) => act(engine, action),
    levels: () => {
      if (heard === 0 || last === undefined) throw new Error('expected events, got none');
      return (['sell', 'buy'] as const).map((side) =>
        engine.levels('A/Q', side).map(({ priceTicks, sizeLots }) => [priceTicks, sizeLots] as const),
      );
    },
  };
}

/** Makes the book of a library. */
export const books: Readonly<Record<string, () => Promise<Book>>> = {
  venuekit: async () => venuekit(),
  'nodejs-order-book': async () =>
    packaged(new (await import('nodejs-order-book')).OrderBook() as PackagedBook),
  'hft-limit-order-book': async () =>
    packaged(new (await import('hft-limit-order-book')).OrderBook() as PackagedBook),
};
