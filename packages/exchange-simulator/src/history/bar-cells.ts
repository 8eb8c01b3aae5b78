import type { Bar } from './bar.ts';

const fields = 5;

/** Bars in a row without their starts, in flat memory: safe integers, which a float of 64 bits holds exactly. */
export class BarCells {
  readonly #values: Float64Array;

  /** @param count how many bars. */
  constructor(count: number) {
    this.#values = new Float64Array(count * fields);
  }

  /** How many bars there is room for. */
  get size(): number {
    return this.#values.length / fields;
  }

  /** Volume of a bar, in lots; 0 if it was never written. */
  volumeLots(index: number): number {
    return this.#values[index * fields + 4] ?? 0;
  }

  /** A bar, with the start that it is to have. */
  bar(index: number, startMs: number): Bar {
    const [values, at] = [this.#values, index * fields];
    return {
      startMs,
      openTicks: values[at] ?? 0,
      highTicks: values[at + 1] ?? 0,
      lowTicks: values[at + 2] ?? 0,
      closeTicks: values[at + 3] ?? 0,
      volumeLots: values[at + 4] ?? 0,
    };
  }

  /** Writes a bar over what was there. */
  set(index: number, { openTicks, highTicks, lowTicks, closeTicks, volumeLots }: Omit<Bar, 'startMs'>): void {
    this.#values.set([openTicks, highTicks, lowTicks, closeTicks, volumeLots], index * fields);
  }

  /** Counts a trade. */
  addTrade(index: number, priceTicks: number, sizeLots: number): void {
    const at = index * fields;
    const values = this.#values;
    const volumeLots = this.volumeLots(index);
    if (volumeLots === 0) values[at] = priceTicks;
    values[at + 1] = volumeLots === 0 ? priceTicks : Math.max(values[at + 1] ?? 0, priceTicks);
    values[at + 2] = volumeLots === 0 ? priceTicks : Math.min(values[at + 2] ?? 0, priceTicks);
    values[at + 3] = priceTicks;
    values[at + 4] = volumeLots + sizeLots;
  }

  /** Forgets everything. */
  clear(): void {
    this.#values.fill(0);
  }
}
