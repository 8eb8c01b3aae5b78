import { stripVTControlCharacters } from 'node:util';
import type { ScreenSize } from './live-view.ts';

/** A terminal that is written to. */
export interface ScreenOutput {
  write(text: string): void;
  size(): ScreenSize;
}

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
/** Before the text: behind a line that fills the last column it would take the last character away. */
const clearLine = '\u001b[2K';
const clearBelow = '\u001b[J';

/** Draws lines at one place of the terminal, over and over, and leaves what was above untouched. */
export class LiveScreen {
  readonly #output: ScreenOutput;
  #drawn: readonly number[] = [];
  #hidden = false;

  constructor(output: ScreenOutput) {
    this.#output = output;
  }

  /** Replaces what was drawn before. */
  draw(lines: readonly string[]): void {
    const start = this.#hidden ? '' : hideCursor;
    this.#hidden = true;
    const body = lines.map((line) => `${clearLine}${line}\n`).join('');
    this.#output.write(`${start}${this.#backToTop()}${body}${clearBelow}`);
    this.#drawn = lines.map((line) => stripVTControlCharacters(line).length);
  }

  /** Removes what was drawn and gives the cursor back. Doing it again does nothing. */
  close(): void {
    if (!this.#hidden) return;
    this.#output.write(`${this.#backToTop()}${clearBelow}${showCursor}`);
    this.#drawn = [];
    this.#hidden = false;
  }

  #backToTop(): string {
    const { columns } = this.#output.size();
    // A window that became narrower has wrapped the old lines.
    const height = this.#drawn.reduce((sum, length) => sum + Math.max(1, Math.ceil(length / columns)), 0);
    return height === 0 ? '\r' : `\u001b[${height}A\r`;
  }
}
