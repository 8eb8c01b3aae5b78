import type { BookOrder } from './book-order.ts';
import { SlotLinks } from './slot-links.ts';

/** How many places there are in the beginning; always a power of 2. */
const firstPlaces = 128;

/**
 * Live orders by id, and by slot: a small number from 1 that an order has while it lives. By id, each stands at the place that its hash
 * names, or at the next free one. It is no `Map`: the tables that a large one leaves behind as it changes keep one another alive, with all
 * that was in them, and to collect that garbage took longer than matching.
 */
export class OrderIndex {
  /** Neighbours at a price. */
  readonly atPrice: SlotLinks = new SlotLinks();
  /** Neighbours among the live orders of an account. */
  readonly ofAccount: SlotLinks = new SlotLinks();
  /** At each place the hash and the slot of an order, so that a search looks at no order but the right one; slot 0 where there is none. */
  #places: Int32Array = new Int32Array(2 * firstPlaces);
  /** By slot. */
  readonly #orders: (BookOrder | undefined)[] = [undefined];
  /** Slots that were left. */
  readonly #free: number[] = [];

  /** The order of a slot that is taken. */
  at(slot: number): BookOrder {
    return this.#orders[slot] as BookOrder;
  }

  /** @param hash of the id, where it is known already. */
  get(id: string, hash: number = hashOf(id)): BookOrder | undefined {
    const places = this.#places;
    const last = places.length - 2;
    for (let at = (2 * hash) & last; places[at + 1] !== 0; at = (at + 2) & last) {
      if (places[at] !== hash) continue;
      const order = this.#orders[places[at + 1] as number];
      if (order?.id === id) return order;
    }
    return undefined;
  }

  /**
   * Adds one whose id is not there, and gives it a slot.
   * @param hash of the id, where it is known already.
   */
  add(order: BookOrder, hash: number = hashOf(order.id)): void {
    const slot = this.#free.length > 0 ? (this.#free.pop() as number) : this.#orders.length;
    // Half of the places are free at least, so that searches are short.
    if (4 * slot > this.#places.length) this.#grow();
    this.#orders[slot] = order;
    order.slot = slot;
    order.idHash = hash;
    this.#put(hash, slot);
  }

  /** Takes out one that is there. */
  remove({ idHash, slot }: BookOrder): void {
    const places = this.#places;
    const last = places.length - 2;
    let free = (2 * idHash) & last;
    while (places[free + 1] !== slot) free = (free + 2) & last;
    // Those behind it move up as far as they may, so that no search stops before it finds them.
    for (let at = (free + 2) & last; places[at + 1] !== 0; at = (at + 2) & last) {
      const hash = places[at] as number;
      if (((at - 2 * hash) & last) < ((at - free) & last)) continue;
      places[free] = hash;
      places[free + 1] = places[at + 1] as number;
      free = at;
    }
    places[free + 1] = 0;
    this.#orders[slot] = undefined;
    this.#free.push(slot);
  }

  #put(hash: number, slot: number): void {
    const places = this.#places;
    const last = places.length - 2;
    let at = (2 * hash) & last;
    while (places[at + 1] !== 0) at = (at + 2) & last;
    places[at] = hash;
    places[at + 1] = slot;
  }

  #grow(): void {
    const old = this.#places;
    this.#places = new Int32Array(2 * old.length);
    for (let at = 0; at < old.length; at += 2) {
      if (old[at + 1] !== 0) this.#put(old[at] as number, old[at + 1] as number);
    }
  }
}

/** Of 32 bits. Two letters at a time: one waits for the result of the other in a plain loop. */
export function hashOf(id: string): number {
  const { length } = id;
  let hash = length;
  let at = 0;
  for (; at + 1 < length; at += 2) {
    const pair = Math.imul(id.charCodeAt(at), 31) + id.charCodeAt(at + 1);
    hash = (Math.imul(hash, 961) + pair) | 0;
  }
  if (at < length) hash = (Math.imul(hash, 31) + id.charCodeAt(at)) | 0;
  // The low bits name the place, and have seen little of the first letters.
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
