import type { BookOrder } from './book-order.ts';
import type { EngineEvent, EngineFill, MoneyUnits, OrderEvent, OrderSide } from './engine-types.ts';

/** Numbers what happens and tells it. Events are numbered also while nobody listens, and only made if somebody does. */
export class EventTeller {
  readonly #onEvent: ((event: EngineEvent) => void) | undefined;
  /** Number of the last event. */
  sequence = 0;
  /** Time of what is going on. */
  atMs = 0;

  constructor(onEvent: ((event: EngineEvent) => void) | undefined) {
    this.#onEvent = onEvent;
  }

  /** @param fill of `filled`. */
  order(order: BookOrder, change: OrderEvent['change'], fill?: EngineFill): void {
    this.sequence += 1;
    if (this.#onEvent === undefined) return;
    const { atMs, sequence } = this;
    this.#onEvent({ kind: 'order', sequence, atMs, change, order, fill });
  }

  trade(symbol: string, priceTicks: number, sizeLots: number, buyerIsMaker: boolean): void {
    this.sequence += 1;
    if (this.#onEvent === undefined) return;
    const { atMs, sequence } = this;
    this.#onEvent({ kind: 'trade', sequence, atMs, symbol, priceTicks, sizeLots, buyerIsMaker });
  }

  level(symbol: string, side: OrderSide, priceTicks: number, sizeLots: number): void {
    this.sequence += 1;
    if (this.#onEvent === undefined) return;
    const { atMs, sequence } = this;
    this.#onEvent({ kind: 'level', sequence, atMs, symbol, side, priceTicks, sizeLots });
  }

  balance(account: string, asset: string, change: MoneyUnits): void {
    this.sequence += 1;
    if (this.#onEvent === undefined) return;
    const { atMs, sequence } = this;
    this.#onEvent({ kind: 'balance', sequence, atMs, account, asset, change });
  }
}
