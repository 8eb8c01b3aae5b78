import { createMatchingEngine } from '../../packages/exchange-simulator/src/engine/create-engine.ts';
import type {
  EngineEvent,
  InstrumentRules,
} from '../../packages/exchange-simulator/src/engine/engine-types.ts';
import type { MatchingEngine } from '../../packages/exchange-simulator/src/engine/matching-engine.ts';

/** What is asked of a book. */
export type Action =
  | {
      readonly kind: 'limit';
      readonly id: string;
      readonly side: 'buy' | 'sell';
      readonly size: number;
      readonly price: number;
    }
  | { readonly kind: 'market'; readonly id: string; readonly side: 'buy' | 'sell'; readonly size: number }
  | { readonly kind: 'cancel'; readonly id: string };

const resting = 5_000;
const middle = 100_000;

/** How the prices of orders that rest are drawn: ticks from the middle are the product of two numbers below 1,000, by this. */
export const streams: Readonly<Record<string, number>> = {
  'about 90 levels': 20_000,
  'about 700 levels': 2_500,
};

/** Beyond any price that there is: what a market order takes at the most. */
export const worstPrice: Readonly<Record<'buy' | 'sell', number>> = { buy: 2 * middle, sell: 1 };

/** An engine for one book, with an account that has plenty. */
export function makeEngine(onEvent: (event: EngineEvent) => void): MatchingEngine {
  const rules: InstrumentRules = {
    ...{ symbol: 'A/Q', base: 'A', quote: 'Q', tickSize: '0.01', lotSize: '0.001', commission: 'quote' },
    ...{
      minNotional: '0',
      maxNotional: '1000000000',
      minSize: '0',
      maxSize: '1000000000',
      reserveRate: '0.002',
    },
  };
  const fees = { maker: '0.001', taker: '0.001' };
  const engine = createMatchingEngine({ instruments: [rules], fees, onEvent });
  engine.openAccount('all');
  for (const asset of ['A', 'Q']) engine.deposit('all', asset, 10n ** 24n, 0);
  return engine;
}

/** Carries out an action with an engine. */
export function act(engine: MatchingEngine, action: Action): void {
  if (action.kind === 'cancel') {
    engine.cancel(action.id, 0);
    return;
  }
  const { id, kind, side, size } = action;
  const priceTicks = action.kind === 'limit' ? action.price : worstPrice[side];
  engine.place({ id, account: 'all', symbol: 'A/Q', side, kind, sizeLots: size, priceTicks }, 0);
}

/**
 * Sixty percent limit orders, thirty cancels of orders that are there, ten market orders, on a book of about five thousand; the same in
 * every process. A tenth of the limit orders takes something.
 */
export function orderStream(
  count: number,
  crowding: number,
): { readonly opening: readonly Action[]; readonly mixed: readonly Action[] } {
  const next = numbersOf(20_210_417);
  let live = 0;
  const engine = makeEngine((event) => {
    if (event.kind !== 'order') return;
    if (event.change === 'accepted') live += 1;
    else if (event.order.status !== 'open') live -= 1;
  });
  const ids: string[] = [];
  let made = 0;
  const done = (action: Action): Action => {
    act(engine, action);
    return action;
  };
  const limit = (crossing: boolean): Action => {
    made += 1;
    const [id, side] = [`order-${made}`, next(2) === 0 ? 'buy' : 'sell'] as const;
    const away = crossing ? -next(3) : 1 + Math.floor((next(1_000) * next(1_000)) / crowding);
    ids.push(id);
    return done({
      kind: 'limit',
      id,
      side,
      size: 1 + next(100),
      price: middle + (side === 'buy' ? -away : away),
    });
  };
  const cancel = (): Action => {
    for (;;) {
      const at = next(ids.length);
      const id = ids[at] ?? '';
      ids[at] = ids.at(-1) ?? '';
      ids.pop();
      if (engine.order(id) !== undefined) return done({ kind: 'cancel', id });
    }
  };
  const market = (): Action => {
    made += 1;
    return done({
      kind: 'market',
      id: `order-${made}`,
      side: next(2) === 0 ? 'buy' : 'sell',
      // As much as keeps the book at its size.
      size: 1 + next(live < resting ? 100 : 400),
    });
  };
  const opening = Array.from({ length: resting }, () => limit(false));
  const mixed = Array.from({ length: count }, () => {
    const drawn = next(10);
    if (drawn < 6) return limit(next(10) === 0);
    return drawn < 9 ? cancel() : market();
  });
  return { opening, mixed };
}

/** Whole numbers from 0, below what is asked for. */
function numbersOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state / 2 ** 32) * below) | 0;
  };
}
