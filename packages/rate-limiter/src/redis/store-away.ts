import type { Taken } from '../grant.ts';
import type { LimitDefinition } from '../limit-definition.ts';
import { LimitError } from '../limit-error.ts';
import { createLimitSet, type LimitSet } from '../limit-set.ts';
import type { GateOwner } from '../limiter.ts';
import { takeHere } from '../local-gate.ts';
import type { Meter } from '../meter.ts';
import type { Waiter } from '../request-queue.ts';
import type { Plan } from './redis-plan.ts';

/** What to do while the store cannot be reached. */
export type WhenAway =
  /** Refuse every request with `unavailable`. */
  | 'refuse'
  /**
   * Go on alone with this share of every capacity, in percent, rounded down. With n processes, a share of 100/n keeps the limits
   * while the store is away for all of them; a process that alone lost its way to the store uses its share on top of what the others
   * use.
   */
  | { readonly sharePercent: number };

/** What the store's absence is ended by. */
export interface StoreReturn {
  readonly join: () => Promise<void>;
  /** Tells the store what was used without it. */
  readonly assume: (meters: readonly Meter[], amounts: readonly number[]) => Promise<void>;
}

/** What it is made of. */
export interface StoreAwayOptions {
  readonly owner: GateOwner;
  readonly whenAway: WhenAway;
  readonly definitions: readonly LimitDefinition[];
  /** How often a store that is away is tried, in milliseconds. */
  readonly retryMs: number;
}

/**
 * The time without a store. Nothing is ever unlimited: either everything is refused, or a share of each capacity is counted here. As
 * the other processes may have used everything until the store was missed, that share begins as if it had been used up then.
 */
export class StoreAway {
  readonly #options: StoreAwayOptions;
  #back: StoreReturn | undefined;
  /** The limits of a process that is alone; `undefined` if it refuses. */
  #alone: LimitSet | undefined;
  /** The same if nothing had been let through here: the difference is what the store has to be told. */
  #untouched: LimitSet | undefined;
  #definitions: readonly LimitDefinition[];
  #error: LimitError | undefined;
  /** True while the store is told: what would be let through meanwhile could not be told any more. */
  #handingOver = false;
  #timer: Disposable | undefined;
  #closed = false;

  constructor(options: StoreAwayOptions) {
    this.#options = options;
    this.#definitions = options.definitions;
    this.#alone = this.#makeAlone(options.definitions);
  }

  start(back: StoreReturn): void {
    this.#back = back;
  }

  get isAway(): boolean {
    return this.#error !== undefined;
  }

  /** The store did not answer. */
  begin(error: LimitError, nowMs: number): void {
    if (this.#error !== undefined || this.#closed) return;
    this.#error = error;
    this.#alone = this.#makeAlone(this.#definitions);
    this.#untouched = this.#makeAlone(this.#definitions);
    for (const meter of [...metersOf(this.#alone), ...metersOf(this.#untouched)])
      meter.assume(meter.capacity, nowMs);
    this.#planTry();
  }

  take({ queue, weight }: Waiter, plan: Plan, nowMs: number): Taken | number | 'asked' | LimitError {
    const own = this.#alone?.kinds.get(queue.kind)?.queues[queue.lane];
    if (own === undefined) return this.#refusal();
    // Nobody can know what others hold.
    if (plan.holds) return Number.POSITIVE_INFINITY;
    if (this.#handingOver) return 'asked';
    const weights = weight === undefined ? own.charges.weights : own.charges.weightsOf(weight);
    return takeHere(own, weights, nowMs);
  }

  used(meter: Meter, nowMs: number): number {
    const at = metersOf(this.#options.owner.limits()).indexOf(meter);
    return metersOf(this.#alone)[at]?.used(nowMs) ?? 0;
  }

  changing(definitions: readonly LimitDefinition[]): void {
    const alone = this.#makeAlone(definitions, this.#alone);
    this.#untouched = this.#makeAlone(definitions, this.#untouched);
    this.#definitions = definitions;
    this.#alone = alone;
  }

  close(): void {
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #refusal(): LimitError {
    const message = `the shared store is away: ${this.#error?.message}`;
    const { retryMs } = this.#options;
    return new LimitError({ code: 'unavailable', message, cause: this.#error, retryAfterMs: retryMs });
  }

  #planTry(): void {
    const { owner, retryMs } = this.#options;
    this.#timer = owner.settings.time.setTimer(retryMs, () => void this.#try(), 'rate-limit-store-retry');
  }

  async #try(): Promise<void> {
    try {
      await this.#back?.join();
      await this.#handOver();
    } catch (error) {
      this.#options.owner.observe({ kind: 'failure', error });
      this.#handingOver = false;
      if (!this.#closed) this.#planTry();
      if (!this.#closed) this.#options.owner.retry();
      return;
    }
    this.#handingOver = false;
    this.#error = undefined;
    this.#timer = undefined;
    if (!this.#closed) this.#options.owner.retry();
  }

  /** What was let through alone is told to the store. */
  async #handOver(): Promise<void> {
    this.#handingOver = true;
    const nowMs = this.#options.owner.settings.time.now();
    const known = metersOf(this.#options.owner.limits());
    const untouched = metersOf(this.#untouched);
    const used = metersOf(this.#alone).map((meter, at) =>
      Math.ceil(meter.used(nowMs) - (untouched[at]?.used(nowMs) ?? 0)),
    );
    const told = known
      .map((meter, at) => ({ meter, amount: used[at] ?? 0 }))
      .filter(({ amount }) => amount > 0);
    if (told.length === 0) return;
    await this.#back?.assume(
      told.map(({ meter }) => meter),
      told.map(({ amount }) => amount),
    );
  }

  /** The same limits with a share of the share; each has the same windows and meters as the whole, in the same order. */
  #makeAlone(definitions: readonly LimitDefinition[], before?: LimitSet): LimitSet | undefined {
    const { owner, whenAway } = this.#options;
    if (whenAway === 'refuse') return undefined;
    const { settings } = owner;
    const nowMs = settings.time.now();
    const scaled = definitions.map((definition) => {
      const whole = definition.sharePercent ?? settings.defaults.sharePercent;
      return { ...definition, sharePercent: Math.floor((whole * whenAway.sharePercent) / 100) };
    });
    return createLimitSet(scaled, {
      defaults: settings.defaults,
      patience: settings.patience,
      nowMs,
      before,
    });
  }
}

/** All meters of a set, each once, in a fixed order. */
function metersOf(set: LimitSet | undefined): readonly Meter[] {
  const windows = [...(set?.limits.values() ?? [])].flatMap((limit) => limit.windows);
  return windows.flatMap(({ byLane }) => byLane.filter((meter, lane) => meter !== byLane[lane - 1]));
}
