import type { LimitDefinition } from '../../src/limit-definition.ts';
import { shareOf } from './limit-rules.ts';
import { MeterModel } from './meter-model.ts';
import type { ModelRequest } from './model-request.ts';

/** What applies to limits that say nothing else. */
export interface LimitStateOptions {
  readonly allowanceMs: number;
  readonly sharePercent: number;
}

/** What is in use of every limit, and which scopes are closed. */
export class LimitState {
  readonly meters: Map<string, readonly MeterModel[]> = new Map();
  definitions: readonly LimitDefinition[];
  readonly #options: LimitStateOptions;
  readonly #penalties = new Map<string, number>();

  constructor(definitions: readonly LimitDefinition[], options: LimitStateOptions) {
    this.definitions = definitions;
    this.#options = options;
    for (const { id, windows = [], sharePercent = options.sharePercent } of definitions) {
      const { allowanceMs } = options;
      const meters = windows.map((each) => new MeterModel(each, shareOf(each, sharePercent), allowanceMs));
      this.meters.set(id, meters);
    }
  }

  /** Other capacities and lengths of the same windows. */
  change(definitions: readonly LimitDefinition[], nowMs: number): void {
    this.definitions = definitions;
    for (const { id, windows = [], sharePercent = this.#options.sharePercent } of definitions) {
      for (const [index, window] of windows.entries()) {
        this.meters.get(id)?.[index]?.change(window, shareOf(window, sharePercent), nowMs);
      }
    }
  }

  /** A shorter penalty does not end a longer one. */
  penalise(scope: string, untilMs: number): void {
    this.#penalties.set(scope, Math.max(untilMs, this.#penalties.get(scope) ?? untilMs));
  }

  pardon(scope: string): void {
    this.#penalties.delete(scope);
  }

  /** Until when a request may not go because of a penalty. */
  penalisedUntil(request: ModelRequest): number {
    let untilMs = Number.NEGATIVE_INFINITY;
    for (const { id, scope = id } of this.definitions) {
      if (request.charges.has(id)) untilMs = Math.max(untilMs, this.#penalties.get(scope) ?? untilMs);
    }
    return untilMs;
  }

  /** The meters that a request is charged to, with its weight at each. */
  *chargedBy(request: ModelRequest): Generator<{ readonly meter: MeterModel; readonly weight: number }> {
    for (const [id, weight] of request.charges) {
      for (const meter of this.meters.get(id) ?? []) yield { meter, weight };
    }
  }

  /** When a request has room and no penalty, if nothing else is taken; `Infinity` if nobody can know. */
  roomAt(request: ModelRequest, nowMs: number): number {
    let atMs = Math.max(nowMs, this.penalisedUntil(request));
    for (const { meter, weight } of this.chargedBy(request)) {
      atMs = Math.max(atMs, meter.fitsAt(weight, request.rank, nowMs));
    }
    return atMs;
  }

  /** The same by what is known: nobody knows when work ends. */
  knownRoomAt(request: ModelRequest, nowMs: number): number {
    let atMs = Math.max(nowMs, this.penalisedUntil(request));
    for (const { meter, weight } of this.chargedBy(request)) {
      const fitsAtMs = meter.fitsAt(weight, request.rank, nowMs);
      if (Number.isFinite(fitsAtMs)) atMs = Math.max(atMs, fitsAtMs);
    }
    return atMs;
  }

  /** True if the contract says exactly when a request has room. */
  isExact(request: ModelRequest, nowMs: number): boolean {
    for (const { meter } of this.chargedBy(request)) if (!meter.exactAt(nowMs)) return false;
    return true;
  }

  /** What is free of a limit for a lane; negative where more is in use than its lane may use. */
  freeIn(id: string, rank: number, nowMs: number): number {
    return Math.min(
      Number.POSITIVE_INFINITY,
      ...(this.meters.get(id) ?? []).map((meter) => meter.free(rank, nowMs)),
    );
  }

  /** When `weight` has room in one limit, if nothing else is taken; `Infinity` if nobody can know. */
  fitsIn(id: string, weight: number, rank: number, nowMs: number): number {
    return Math.max(nowMs, ...(this.meters.get(id) ?? []).map((meter) => meter.fitsAt(weight, rank, nowMs)));
  }

  /** When what is in use of one limit comes back, as far as it is known. */
  returnsIn(id: string, nowMs: number): number[] {
    return (this.meters.get(id) ?? []).flatMap((meter) => meter.returns(nowMs));
  }

  /** True if the contract says exactly what is free of one limit. */
  isExactIn(id: string, nowMs: number): boolean {
    return (this.meters.get(id) ?? []).every((meter) => meter.exactAt(nowMs));
  }

  /** After how long whatever is taken of a limit now has come back for certain. */
  longestPeriodMs(id: string): number {
    return Math.max(0, ...(this.meters.get(id) ?? []).map(({ periodMs }) => periodMs));
  }

  /** Heavier than what its lane may ever use. */
  neverFits(request: ModelRequest): boolean {
    for (const { meter, weight } of this.chargedBy(request)) {
      if (weight > meter.ceiling(request.rank)) return true;
    }
    return false;
  }

  /** The same, with what a bucket may hold back. */
  mayNeverFit(request: ModelRequest): boolean {
    for (const { meter, weight } of this.chargedBy(request)) {
      if (weight > meter.lightestRefused(request.rank)) return true;
    }
    return false;
  }
}
