import type { LimiterTime } from '../time.ts';
import type { Plan } from './redis-plan.ts';

/**
 * What this process holds of `concurrent` limits. Each is a lease that is renewed until it is done: what a crashed process held comes
 * back when its lease ends.
 */
export class Holders {
  readonly #time: LimiterTime;
  readonly #everyMs: number;
  readonly #renew: (plan: Plan, entries: readonly (readonly string[])[]) => void;
  readonly #held = new Map<string, Plan>();
  #timer: Disposable | undefined;

  constructor(
    time: LimiterTime,
    leaseMs: number,
    renew: (plan: Plan, entries: readonly (readonly string[])[]) => void,
  ) {
    this.#time = time;
    this.#everyMs = leaseMs / 3;
    this.#renew = renew;
  }

  add(ticket: string, plan: Plan): void {
    this.#held.set(ticket, plan);
    this.#timer ??= this.#time.setTimer(this.#everyMs, () => this.#renewAll(), 'rate-limit-lease');
  }

  remove(ticket: string): void {
    this.#held.delete(ticket);
    if (this.#held.size === 0) this.close();
  }

  close(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #renewAll(): void {
    this.#timer = this.#time.setTimer(this.#everyMs, () => this.#renewAll(), 'rate-limit-lease');
    const byPlan = new Map<Plan, string[]>();
    for (const [ticket, plan] of this.#held) byPlan.set(plan, [...(byPlan.get(plan) ?? []), ticket]);
    for (const [plan, tickets] of byPlan) {
      const entries = plan.meters.map(({ policy, limit }) =>
        policy === 'concurrent' && limit !== undefined ? tickets : [],
      );
      this.#renew(plan, entries);
    }
  }
}
