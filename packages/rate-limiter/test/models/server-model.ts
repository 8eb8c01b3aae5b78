import type { LimitDefinition, LimitWindow } from '../../src/limit-definition.ts';
import { shareOf } from './limit-rules.ts';

/** A request as it reaches a server. */
export interface Arrival {
  readonly charges: ReadonlyMap<string, number>;
  readonly sentAtMs: number;
  readonly atMs: number;
  /** How many changes of limits had been made when it was sent. */
  readonly generation: number;
}

interface ServerWindow {
  readonly definition: LimitWindow;
  readonly capacity: number;
  /** Judges only what was sent in this generation of limits or later. */
  readonly since: number;
  readonly log: { readonly atMs: number; readonly weight: number; readonly isLate: boolean }[];
  level: number;
  levelAtMs: number;
  active: number;
}

/** How a server counts, and what of it is forgiven. */
export interface ServerOptions {
  readonly sharePercent: number;
  /** What was longer than this on its way may exceed by its own weight; for ever by default. */
  readonly lateAfterMs?: number;
}

/** A server that counts every request where it arrives, and notes what is more than a limit. */
export class ServerModel {
  readonly problems: string[] = [];
  readonly #options: ServerOptions;
  #windows = new Map<string, ServerWindow[]>();
  #generation = 0;

  constructor(definitions: readonly LimitDefinition[], options: ServerOptions) {
    this.#options = options;
    this.#adopt(definitions);
  }

  get generation(): number {
    return this.#generation;
  }

  /** New limits are in force from now on, for what is sent from now on. */
  change(definitions: readonly LimitDefinition[]): void {
    this.#generation += 1;
    this.#adopt(definitions);
  }

  arrive(arrival: Arrival): void {
    for (const [id, weight] of arrival.charges) {
      for (const window of this.#windows.get(id) ?? []) this.#count(id, window, weight, arrival);
    }
  }

  /** The server has done with it. */
  done(charges: ReadonlyMap<string, number>): void {
    for (const [id, weight] of charges) {
      for (const window of this.#windows.get(id) ?? []) window.active -= weight;
    }
  }

  #adopt(definitions: readonly LimitDefinition[]): void {
    const before = this.#windows;
    this.#windows = new Map();
    for (const { id, windows = [], sharePercent = this.#options.sharePercent } of definitions) {
      const adopted = windows.map((definition, index) => {
        const known = before.get(id)?.[index];
        const kept = known ?? { log: [], level: 0, levelAtMs: 0, active: 0 };
        return { ...kept, definition, capacity: shareOf(definition, sharePercent), since: this.#generation };
      });
      this.#windows.set(id, adopted);
    }
  }

  #count(id: string, window: ServerWindow, weight: number, arrival: Arrival): void {
    window.active += weight;
    const most = this.#mostIn(window, weight, arrival);
    if (arrival.generation < window.since || most <= window.capacity + 1e-6) return;
    const { policy = 'sliding-window', windowMs = 0 } = window.definition;
    this.problems.push(
      `server at ${arrival.atMs}: ${policy} ${id} of ${window.capacity} in ${windowMs} ms sees ${most}`,
    );
  }

  #mostIn(window: ServerWindow, weight: number, arrival: Arrival): number {
    if (window.definition.policy === 'concurrent') return window.active;
    if (window.definition.policy === 'token-bucket') return this.#pour(window, weight, arrival.atMs);
    const isLate = arrival.atMs - arrival.sentAtMs > (this.#options.lateAfterMs ?? Number.POSITIVE_INFINITY);
    window.log.push({ atMs: arrival.atMs, weight, isLate });
    const fromMs = arrival.atMs - (window.definition.windowMs ?? 0);
    let sum = 0;
    for (let index = window.log.length - 1; index >= 0; index -= 1) {
      const entry = window.log[index];
      // Half-open: what came exactly one window ago is outside. Arrivals are in the order of time.
      if (entry === undefined || entry.atMs <= fromMs) break;
      if (!entry.isLate) sum += entry.weight;
    }
    return sum;
  }

  /** A bucket cannot say which drop was late, so it judges nothing where lateness is forgiven or its rate was changed. */
  #pour(window: ServerWindow, weight: number, atMs: number): number {
    const { windowMs = 1 } = window.definition;
    const run = ((atMs - window.levelAtMs) * window.capacity) / windowMs;
    window.level = Math.max(0, window.level - run) + weight;
    window.levelAtMs = atMs;
    const isJudged = this.#options.lateAfterMs === undefined && this.#generation === 0;
    return isJudged ? window.level : 0;
  }
}
