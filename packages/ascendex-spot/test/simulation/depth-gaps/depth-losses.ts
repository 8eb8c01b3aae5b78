import type { SimulationStep } from '@venuekit/connector-testkit/simulation';
import type { Position } from './gap-plan.ts';

/** What a market can be at when a loss begins. */
export type Moment = 'subscribed' | 'asked' | 'fixed' | 'answered';

interface Loss {
  readonly position: Position;
  /** Messages that are still to be left out; of the second time as well, if there is one. */
  count: number;
  between: number;
  countAgain: number;
  active: boolean;
}

const moments: Readonly<Record<Position, Moment | undefined>> = {
  ...{ unasked: 'subscribed', asked: 'asked', fixed: 'fixed', joined: 'answered' },
  ...{ 'audit-asked': 'asked', 'audit-fixed': 'fixed', 'audit-joined': 'answered' },
  ...{ middle: undefined, twice: undefined, end: undefined },
};

/** What losses tell. */
export interface DepthLossesOptions {
  /** A message was left out. */
  readonly lost: (symbol: string, sequence: bigint, position: Position) => void;
  /** Nothing more is to come of a market. */
  readonly end: (symbol: string) => void;
}

/** Decides which messages are left out. */
export class DepthLosses {
  readonly #options: DepthLossesOptions;
  readonly #losses = new Map<string, Loss>();

  constructor(options: DepthLossesOptions) {
    this.#options = options;
  }

  /** True if nothing more will be left out. */
  get isOver(): boolean {
    return this.#losses.size === 0;
  }

  /** A loss of the plan: it begins now, or with the moment that it waits for. */
  begin({ kind, with: fields = {} }: SimulationStep): void {
    const position = kind as Position;
    const { between = 0, count = 1, countAgain = 0, symbol } = fields;
    this.#losses.set(String(symbol), {
      ...{ position, active: moments[position] === undefined },
      ...{ count: Number(count), between: Number(between), countAgain: Number(countAgain) },
    });
  }

  /** Something happens of a market. */
  at(symbol: string, moment: Moment): void {
    const loss = this.#losses.get(symbol);
    if (loss === undefined) return;
    // What is asked for anew is another stream, of which nothing is missing.
    if (moment === 'subscribed' && loss.active) this.#losses.delete(symbol);
    else if (moments[loss.position] === moment) loss.active = true;
  }

  /** True if this message is left out. */
  takes(symbol: string, sequence: bigint): boolean {
    const loss = this.#losses.get(symbol);
    if (loss === undefined || !loss.active) return false;
    if (loss.count === 0) {
      this.#letPass(loss);
      return false;
    }
    loss.count -= 1;
    this.#options.lost(symbol, sequence, loss.position);
    if (loss.count === 0 && loss.countAgain === 0) this.#finish(symbol, loss);
    return true;
  }

  #letPass(loss: Loss): void {
    loss.between -= 1;
    if (loss.between > 0) return;
    loss.count = loss.countAgain;
    loss.countAgain = 0;
  }

  #finish(symbol: string, { position }: Loss): void {
    this.#losses.delete(symbol);
    if (position === 'end') this.#options.end(symbol);
  }
}
