import type { BookOrder } from './book-order.ts';
import type {
  BalanceEvent,
  EngineEvent,
  EngineFill,
  LevelEvent,
  OrderEvent,
  OrderSide,
  TradeEvent,
} from './engine-types.ts';

/** Numbers what happens and tells it. */
export class EventTeller {
  readonly #onEvent: ((event: EngineEvent) => void) | undefined;
  /** Number of the last event. */
  sequence = 0;
  /** Time of what is going on. */
  atMs = 0;

  constructor(onEvent: ((event: EngineEvent) => void) | undefined) {
    this.#onEvent = onEvent;
  }

  order(order: BookOrder, change: OrderEvent['change'], fill?: EngineFill): void {
    this.sequence += 1;
    if (this.#onEvent === undefined) return;
    const event = { kind: 'order', sequence: this.sequence, atMs: this.atMs, change, order } as const;
    this.#onEvent(fill === undefined ? event : { ...event, fill });
  }

  trade(symbol: string, priceTicks: number, sizeLots: number, buyerIsMaker: boolean): void {
    this.#tell<TradeEvent>({ kind: 'trade', ...this.#next(), symbol, priceTicks, sizeLots, buyerIsMaker });
  }

  level(symbol: string, side: OrderSide, priceTicks: number, sizeLots: number): void {
    this.#tell<LevelEvent>({ kind: 'level', ...this.#next(), symbol, side, priceTicks, sizeLots });
  }

  balance(account: string, asset: string, change: bigint): void {
    this.#tell<BalanceEvent>({ kind: 'balance', ...this.#next(), account, asset, change });
  }

  #next(): { readonly sequence: number; readonly atMs: number } {
    this.sequence += 1;
    return { sequence: this.sequence, atMs: this.atMs };
  }

  #tell<E extends EngineEvent>(event: E): void {
    this.#onEvent?.(event);
  }
}
