/** Orders in a row, by their slots; 0 where there is none. */
export interface SlotRow {
  first: number;
  last: number;
}

const firstSlots = 128;

/**
 * Neighbours of slots in rows, each slot in one row at the most. They stand in one table of numbers and not on the orders: to take out an
 * order that has long been resting then touches neither of its neighbours, which would have to come from slow memory each.
 */
export class SlotLinks {
  /** Of each slot the one before it and the one behind it; 0 where there is none. */
  #neighbours: Int32Array = new Int32Array(2 * firstSlots);

  /** Puts a slot that is in no row behind all of one. */
  append(row: SlotRow, slot: number): void {
    if (2 * slot >= this.#neighbours.length) this.#grow(slot);
    const { last } = row;
    this.#neighbours[2 * slot] = last;
    this.#neighbours[2 * slot + 1] = 0;
    if (last === 0) row.first = slot;
    else this.#neighbours[2 * last + 1] = slot;
    row.last = slot;
  }

  /** Takes a slot out of the row that it is in. */
  remove(row: SlotRow, slot: number): void {
    const before = this.#neighbours[2 * slot] as number;
    const behind = this.#neighbours[2 * slot + 1] as number;
    if (before === 0) row.first = behind;
    else this.#neighbours[2 * before + 1] = behind;
    if (behind === 0) row.last = before;
    else this.#neighbours[2 * behind] = before;
  }

  /** The next one of its row; 0 behind the last. */
  behind(slot: number): number {
    return this.#neighbours[2 * slot + 1] as number;
  }

  #grow(slot: number): void {
    const grown = new Int32Array(4 * slot);
    grown.set(this.#neighbours);
    this.#neighbours = grown;
  }
}
