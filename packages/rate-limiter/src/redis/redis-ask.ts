import type { Plan } from './redis-plan.ts';

/** One request that is asked for at the store. */
export interface Ask {
  ticket: string;
  plan: Plan;
  weights: Readonly<Record<string, number>>;
  state: 'asked' | 'later' | 'granted';
  /** When it was asked, or may be asked again, by our clock. */
  atMs: number;
  entries: readonly unknown[];
  /** How often its windows began anew: what was taken is given back under its ticket and this, once. */
  moves: number;
  /** How often a grant came too late to be used, one after the other. */
  stale: number;
  /** True if something came back here since it was asked: an answer that says to wait may not know of it. */
  again: boolean;
  /** False once nobody waits for it. */
  wanted: boolean;
}

/** What the script needs to know of the request itself. */
export function bodyOf({ ticket, plan, weights, moves }: Ask): object {
  return { ticket, meters: plan.meters, weights, moves };
}

/** The entries of what is held until the work is done; the rest is left to its window. */
export function onlyHeld({ meters }: Plan, entries: readonly unknown[]): readonly unknown[] {
  return entries.map((entry, at) => (meters[at]?.policy === 'concurrent' ? entry : ''));
}
