import type { BookOrder } from './book-order.ts';

/** How many places there are in the beginning; always a power of 2. */
const firstPlaces = 128;

/**
 * Live orders by id: each stands at the place that its hash names, or at the next free one. It is no `Map`: the tables that a large one
 * leaves behind as it changes keep one another alive, with all that was in them, and to collect that garbage took longer than matching.
 */
export class OrderIndex {
  /** Of the order at each place; 0 where there is none. They stand by themselves, so that a search looks at no order but the right one. */
  #hashes: Int32Array = new Int32Array(firstPlaces);
  #orders: (BookOrder | undefined)[] = emptyPlaces(firstPlaces);
  #size = 0;

  /** @param hash of the id, where it is known already. */
  get(id: string, hash: number = hashOf(id)): BookOrder | undefined {
    const mask = this.#hashes.length - 1;
    for (let at = hash & mask; this.#hashes[at] !== 0; at = (at + 1) & mask) {
      if (this.#hashes[at] !== hash) continue;
      const order = this.#orders[at];
      if (order?.id === id) return order;
    }
    return undefined;
  }

  /**
   * Adds one whose id is not there.
   * @param hash of the id, where it is known already.
   */
  add(order: BookOrder, hash: number = hashOf(order.id)): void {
    order.idHash = hash;
    // Half of the places are free at least, so that searches are short.
    if (2 * this.#size >= this.#hashes.length) this.#grow();
    this.#put(order);
    this.#size += 1;
  }

  /** Takes out one that is there. */
  remove(order: BookOrder): void {
    const mask = this.#hashes.length - 1;
    let free = order.idHash & mask;
    while (this.#orders[free] !== order) free = (free + 1) & mask;
    // Those behind it move up as far as they may, so that no search stops before it finds them.
    for (let at = (free + 1) & mask; this.#hashes[at] !== 0; at = (at + 1) & mask) {
      const hash = this.#hashes[at] as number;
      if (((at - hash) & mask) < ((at - free) & mask)) continue;
      this.#hashes[free] = hash;
      this.#orders[free] = this.#orders[at];
      free = at;
    }
    this.#hashes[free] = 0;
    this.#orders[free] = undefined;
    this.#size -= 1;
  }

  #put(order: BookOrder): void {
    const mask = this.#hashes.length - 1;
    let at = order.idHash & mask;
    while (this.#hashes[at] !== 0) at = (at + 1) & mask;
    this.#hashes[at] = order.idHash;
    this.#orders[at] = order;
  }

  #grow(): void {
    const orders = this.#orders;
    this.#hashes = new Int32Array(2 * orders.length);
    this.#orders = emptyPlaces(2 * orders.length);
    for (const order of orders) if (order !== undefined) this.#put(order);
  }
}

/** Of 32 bits, and never 0. Two letters at a time: one waits for the result of the other in a plain loop. */
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
  return mixed ^ (mixed >>> 15) || 1;
}

function emptyPlaces(count: number): (BookOrder | undefined)[] {
  return new Array<BookOrder | undefined>(count).fill(undefined);
}
