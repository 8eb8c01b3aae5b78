import type { Bar } from './bar.ts';
import { BarCells } from './bar-cells.ts';

/** How a column keeps its bars. */
export interface ColumnShape {
  /** Length of a bar, in milliseconds. */
  readonly cellMs: number;
  /** Bars of a block; memory is taken a block at a time, where there are trades. */
  readonly blockCells: number;
  /** How many blocks there are room for in a row; the oldest makes room for the newest. */
  readonly mostBlocks: number;
}

interface Block {
  readonly index: number;
  readonly cells: BarCells;
}

/** Bars of one fixed length, in a ring of blocks. */
export class BarColumn {
  readonly #shape: ColumnShape;
  /** In ascending order. */
  readonly #blocks: Block[] = [];
  #keptSinceMs = Number.NEGATIVE_INFINITY;

  constructor(shape: ColumnShape) {
    this.#shape = shape;
  }

  /** From when on nothing was dropped, in milliseconds since the epoch; minus infinity if nothing ever was. */
  get keptSinceMs(): number {
    return this.#keptSinceMs;
  }

  /** How many bars there is memory for now. */
  get room(): number {
    return this.#blocks.length * this.#shape.blockCells;
  }

  /** Counts a trade that is not before the one that came last. */
  addTrade(priceTicks: number, sizeLots: number, atMs: number): void {
    const [index, cell] = this.#placeOf(atMs);
    const newest = this.#blocks.at(-1);
    const block = newest?.index === index ? newest : this.#open(index);
    block.cells.addTrade(cell, priceTicks, sizeLots);
  }

  /** The bar around a time; `undefined` if nothing was traded in it, or if it was dropped. */
  bar(atMs: number): Bar | undefined {
    const [index, cell] = this.#placeOf(atMs);
    const block = this.#blocks.findLast((each) => each.index === index);
    return block === undefined ? undefined : this.#barOf(block, cell);
  }

  /** The newest bar that ends at `endMs` or before. */
  newest(endMs: number): Bar | undefined {
    const [lastIndex, lastCell] = this.#placeOf(endMs - this.#shape.cellMs);
    for (const block of this.#blocks.toReversed()) {
      if (block.index > lastIndex) continue;
      const from = block.index === lastIndex ? lastCell : this.#shape.blockCells - 1;
      for (let cell = from; cell >= 0; cell -= 1) {
        if (block.cells.volumeLots(cell) > 0) return this.#barOf(block, cell);
      }
    }
    return undefined;
  }

  #placeOf(atMs: number): readonly [index: number, cell: number] {
    const { cellMs, blockCells } = this.#shape;
    const place = Math.floor(atMs / cellMs);
    const index = Math.floor(place / blockCells);
    return [index, place - index * blockCells];
  }

  #barOf({ index, cells }: Block, cell: number): Bar | undefined {
    const { cellMs, blockCells } = this.#shape;
    return cells.volumeLots(cell) > 0 ? cells.bar(cell, (index * blockCells + cell) * cellMs) : undefined;
  }

  /** Opens the block of the newest trades, in the memory of one that it replaces if there is any. */
  #open(index: number): Block {
    const { cellMs, blockCells, mostBlocks } = this.#shape;
    let cells: BarCells | undefined;
    while (this.#blocks[0] !== undefined && this.#blocks[0].index <= index - mostBlocks) {
      cells = this.#blocks.shift()?.cells;
      this.#keptSinceMs = (index - mostBlocks + 1) * blockCells * cellMs;
    }
    cells?.clear();
    const block = { index, cells: cells ?? new BarCells(blockCells) };
    this.#blocks.push(block);
    return block;
  }
}
