import type { BookOrder } from './book-order.ts';
import type { OrderIndex } from './order-index.ts';
import type { SlotRow } from './slot-links.ts';

/** Live orders of an account, in the order of their coming. They are linked, so that each comes and goes without a search. */
export class AccountOrders implements SlotRow {
  first = 0;
  last = 0;
  readonly #live: OrderIndex;

  constructor(live: OrderIndex) {
    this.#live = live;
  }

  *[Symbol.iterator](): Generator<BookOrder> {
    for (let slot = this.first; slot !== 0; slot = this.#live.ofAccount.behind(slot))
      yield this.#live.at(slot);
  }

  /** Adds a live one that came after all of them. */
  add({ slot }: BookOrder): void {
    this.#live.ofAccount.append(this, slot);
  }

  remove({ slot }: BookOrder): void {
    this.#live.ofAccount.remove(this, slot);
  }
}
