import type { BookOrder } from './book-order.ts';

/** Live orders of an account, in the order of their coming. They are linked, so that each comes and goes without a search. */
export class AccountOrders {
  #first: BookOrder | undefined;
  #last: BookOrder | undefined;

  *[Symbol.iterator](): Generator<BookOrder> {
    for (let order = this.#first; order !== undefined; order = order.later) yield order;
  }

  /** Adds one that came after all of them. */
  add(order: BookOrder): void {
    order.earlier = this.#last;
    if (this.#last === undefined) this.#first = order;
    else this.#last.later = order;
    this.#last = order;
  }

  remove(order: BookOrder): void {
    const { earlier, later } = order;
    if (earlier === undefined) this.#first = later;
    else earlier.later = later;
    if (later === undefined) this.#last = earlier;
    else later.earlier = earlier;
    order.earlier = undefined;
    order.later = undefined;
  }
}
