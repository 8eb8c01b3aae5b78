import type { LimiterTime } from '../time.ts';
import type { Plan } from './redis-plan.ts';

/** By meter of a plan: the tickets that hold something of it, and how much. */
export type HeldTickets = readonly (readonly (readonly [string, number])[])[];

interface Held {
  readonly plan: Plan;
  /** By limit. */
  readonly weights: Readonly<Record<string, number>>;
}

/**
 * What this process holds of `concurrent` limits. Each is a lease that is renewed until it is done: what a crashed process held comes
 * back when its lease ends.
 */
export class Holders {
  readonly #time: LimiterTime;
  readonly #everyMs: number;
  readonly #renew: (plan: Plan, held: HeldTickets) => void;
  readonly #held = new Map<string, Held>();
  #timer: Disposable | undefined;

  constructor(time: LimiterTime, leaseMs: number, renew: (plan: Plan, held: HeldTickets) => void) {
    this.#time = time;
    this.#everyMs = leaseMs / 3;
    this.#renew = renew;
  }

  add(ticket: string, held: Held): void {
    this.#held.set(ticket, held);
    this.#timer ??= this.#plan();
  }

  remove(ticket: string): void {
    this.#held.delete(ticket);
    if (this.#held.size > 0) return;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  /** Tells the store of everything that is held, whatever it still knows of it. */
  renewAll(): void {
    const byPlan = Map.groupBy(this.#held, ([, { plan }]) => plan);
    for (const [plan, all] of byPlan) {
      const held = plan.meters.map(({ policy, limit }) =>
        policy === 'concurrent' && limit !== undefined
          ? all.map(([ticket, { weights }]) => [ticket, weights[limit] ?? 1] as const)
          : [],
      );
      this.#renew(plan, held);
    }
  }

  #plan(): Disposable {
    const fire = (): void => {
      this.#timer = this.#plan();
      this.renewAll();
    };
    return this.#time.setTimer(this.#everyMs, fire, 'rate-limit-lease');
  }
}
