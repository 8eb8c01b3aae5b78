import type { PairProfile, TradingDesk } from '../../packages/exchange-simulator/src/index.ts';
import { numbersOf } from './drawn-numbers.ts';

/** A customer whose orders change every book, and never trade. */
export interface OrderFlow {
  /** Puts the first orders in. */
  fill(ordersPerBook: number): void;
  /** Places an order in each book, or cancels one, by turns: one level of each book has another amount then. */
  step(): void;
}

interface Seat {
  readonly symbol: string;
  readonly middle: number;
  readonly typicalLots: number;
  /** Orders that rest. */
  readonly orders: string[];
}

/** Prices of a side on which orders are put, from the touch on; the nearer, the more. */
const ranks = 240;

/** Makes a customer of an account that has enough of everything. */
export function createOrderFlow(
  desk: TradingDesk,
  account: string,
  pairs: readonly PairProfile[],
): OrderFlow {
  const next = numbersOf(20_210_417);
  const seats = pairs.map(
    ({ symbol, homeTicks, typicalLots }): Seat => ({ symbol, middle: homeTicks, typicalLots, orders: [] }),
  );
  let [placed, steps] = [0, 0];

  function place({ symbol, middle, typicalLots, orders }: Seat): void {
    placed += 1;
    const id = `flow${placed}`;
    const side = next(2) === 0 ? 'buy' : 'sell';
    const away = 1 + Math.floor((next(ranks) * next(ranks)) / ranks);
    const priceTicks = side === 'buy' ? middle - away : middle + away;
    const sizeLots = 1 + typicalLots + next(typicalLots);
    desk.submit({ id, account, symbol, side, kind: 'limit', sizeLots, priceTicks, clientId: '' });
    orders.push(id);
  }

  function cancel({ symbol, orders }: Seat): void {
    const at = next(orders.length);
    const id = orders[at] ?? '';
    orders[at] = orders[orders.length - 1] ?? '';
    orders.pop();
    desk.cancel(account, id, symbol);
  }

  return {
    fill(ordersPerBook) {
      for (const seat of seats) for (let count = 0; count < ordersPerBook; count += 1) place(seat);
    },
    step() {
      steps += 1;
      for (const seat of seats) (steps % 2 === 0 ? cancel : place)(seat);
    },
  };
}
