/** How far a pass is. */
export interface ProgressFigures {
  /** For example `ascendex-market-data, first pass`. */
  readonly title: string;
  readonly done: number;
  readonly planned: number;
  /** Seeds that were done in this start. */
  readonly doneNow: number;
  readonly violations: number;
  readonly virtualMs: number;
  /** How long the time allows to go on, in milliseconds, where there is a bound. */
  readonly leftMs: number | undefined;
}

/** Where progress is shown. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  /** Width of the terminal, in characters. */
  readonly columns?: number;
  write(text: string): unknown;
}

const everyMs = 10_000;
const redrawMs = 200;

/** Shows how far it is: one line that is written over on a terminal, a line every ten seconds elsewhere. */
export class Progress {
  readonly #output: ProgressOutput;
  readonly #nowMs: () => number;
  #begunMs: number | undefined;
  #shownMs: number;

  constructor(output: ProgressOutput, nowMs: () => number) {
    this.#output = output;
    this.#nowMs = nowMs;
    this.#shownMs = nowMs();
  }

  /** The clock starts, at the first call. To be called when a worker is ready: starting it says nothing about seeds. */
  begin(): void {
    this.#begunMs ??= this.#nowMs();
  }

  /** Since it began, in milliseconds. */
  get elapsedMs(): number {
    return this.#begunMs === undefined ? 0 : this.#nowMs() - this.#begunMs;
  }

  /** To be called whenever something has changed. */
  update(figures: ProgressFigures): void {
    const nowMs = this.#nowMs();
    const terminal = this.#output.isTTY === true;
    if (nowMs - this.#shownMs < (terminal ? redrawMs : everyMs)) return;
    this.#shownMs = nowMs;
    const line = progressLine(figures, this.elapsedMs);
    this.#output.write(terminal ? this.#over(line) : `${line}\n`);
  }

  /** Shows the last line for good. */
  finish(figures: ProgressFigures): void {
    const line = progressLine(figures, this.elapsedMs);
    this.#output.write(`${this.#output.isTTY === true ? this.#over(line) : line}\n`);
  }

  /** Takes the place of the line before. One that is longer than the terminal is wide would be two, and stay. */
  #over(line: string): string {
    return `\r\u001b[2K${line.slice(0, (this.#output.columns ?? Number.POSITIVE_INFINITY) - 1)}`;
  }
}

/** One line that says how far it is. @param elapsedMs since this start began. */
export function progressLine(figures: ProgressFigures, elapsedMs: number): string {
  const { done, doneNow, leftMs, planned, title, violations, virtualMs } = figures;
  const perMinute = elapsedMs > 0 ? (doneNow * 60_000) / elapsedMs : 0;
  const workMs = perMinute > 0 ? ((planned - done) / perMinute) * 60_000 : Number.POSITIVE_INFINITY;
  const remainingMs = Math.min(workMs, leftMs ?? Number.POSITIVE_INFINITY);
  const remaining = remainingMs === Number.POSITIVE_INFINITY ? 'unknown' : shownDuration(remainingMs);
  const parts = [
    `${done} of ${planned} seeds`,
    `${violations} failed`,
    `${Math.round(perMinute)} a minute`,
    done >= planned ? `took ${shownDuration(elapsedMs)}` : `left ${remaining}`,
    `${(virtualMs / 3_600_000).toFixed(1)} virtual hours`,
  ];
  return `${title}: ${parts.join(', ')}`;
}

function shownDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
