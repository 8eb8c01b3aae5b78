import type { Limit, WindowMeters } from '../limit.ts';
import { limitFault } from '../limit-check.ts';
import { lanes } from '../limit-definition.ts';
import type { LimitSet } from '../limit-set.ts';
import type { Meter, MeterOptions } from '../meter.ts';
import type { RequestQueue } from '../request-queue.ts';

/** A meter as the script takes it; times in microseconds. */
export interface PlannedMeter {
  readonly policy: string;
  /** The limit whose weight is taken; left out for a meter that is only looked at. */
  readonly limit?: string;
  readonly capacity: number;
  /** What flows into a bucket per window. */
  readonly refill: number;
  readonly window: number;
  readonly allowance: number;
  readonly slot: number;
  readonly lease: number;
  /** When a full count of holders is looked at again. */
  readonly again: number;
}

/** What the script needs to know of the requests of one queue, in the same order as the keys. */
export interface Plan {
  readonly keys: readonly string[];
  readonly meters: readonly PlannedMeter[];
  /** The meters that this process knows them by. */
  readonly known: readonly Meter[];
  readonly scopes: readonly string[];
  readonly lane: number;
  /** By limit: where its lane's reserve is counted, in every window. Indexes count from 1. */
  readonly reserves: Readonly<Record<string, readonly PlannedReserve[]>>;
  /** True if a grant holds something until it is done. */
  readonly holds: boolean;
}

interface PlannedReserve {
  readonly all: number;
  readonly below: number;
  readonly amount: number;
}

/** Where the store keeps things, and for how long. */
export interface StoreOptions {
  readonly keyPrefix: string;
  readonly leaseMs: number;
}

interface Place {
  readonly name: string;
  readonly options: MeterOptions;
  readonly policy: string;
}

const policies: readonly string[] = ['sliding-window', 'token-bucket', 'concurrent'];
/** As in memory: more capacity than this is counted in so many slots. */
const mostSlots = 1_024;
const holdersAgainMs = 200;
/** The answer of the store has to come within half of the allowance. */
const leastAllowanceMs = 10;

/** Names the keys of all meters of a set of limits, and makes the plans of its queues. */
export class Planner {
  readonly #store: StoreOptions;
  readonly #places = new Map<Meter, Place>();
  readonly #plans = new Map<RequestQueue, Plan>();

  constructor(set: LimitSet, store: StoreOptions) {
    this.#store = store;
    for (const limit of set.limits.values()) {
      this.#requireWellFormed(limit);
      for (const [at, window] of limit.windows.entries()) this.#name(limit.id, at, window);
    }
  }

  /** The keys of the store itself. */
  get storeKeys(): readonly string[] {
    return ['tickets', 'places', 'penalties', 'store', 'given'].map((name) => this.#key(name));
  }

  planOf(queue: RequestQueue): Plan {
    const known = this.#plans.get(queue);
    if (known !== undefined) return known;
    const plan = this.#make(queue);
    this.#plans.set(queue, plan);
    return plan;
  }

  /** A plan of some meters, to tell the store something about them. */
  planFor(meters: readonly Meter[]): Plan {
    return this.#complete(
      meters.map((meter) => ({ meter })),
      { scopes: [], lane: 0, reserves: () => ({}) },
    );
  }

  #make({ charges, lane }: RequestQueue): Plan {
    const { limits, limitOf, meters } = charges;
    const charged = meters.map((meter, at) => ({ meter, limit: limits[limitOf[at] ?? 0]?.id ?? '' }));
    const scopes = [...new Set(limits.map(({ scope }) => scope.id))];
    const reserves = (index: (meter: Meter) => number): Plan['reserves'] =>
      Object.fromEntries(limits.flatMap((limit) => this.#reserve(limit, lane, index)));
    return this.#complete(charged, { scopes, lane, reserves });
  }

  #reserve(
    { id, windows }: Limit,
    lane: number,
    index: (meter: Meter) => number,
  ): readonly (readonly [string, readonly PlannedReserve[]])[] {
    if (lane >= lanes.length - 1 || windows.length === 0) return [];
    const reserves = windows.flatMap(({ byLane, checked }): readonly PlannedReserve[] => {
      const [all, below] = [byLane[0], byLane[lane + 1]];
      if (all === undefined || below === undefined || all === below) return [];
      const amount = (checked.byLane[0]?.ceiling ?? 0) - (checked.byLane[lane + 1]?.ceiling ?? 0);
      return [{ all: index(all), below: index(below), amount }];
    });
    return reserves.length === windows.length ? [[id, reserves]] : [];
  }

  #complete(
    charged: readonly { readonly meter: Meter; readonly limit?: string }[],
    rest: {
      readonly scopes: readonly string[];
      readonly lane: number;
      readonly reserves: (index: (meter: Meter) => number) => Plan['reserves'];
    },
  ): Plan {
    const listed = [...charged];
    const index = (meter: Meter): number => {
      const at = listed.findIndex((other) => other.meter === meter);
      return at >= 0 ? at + 1 : listed.push({ meter });
    };
    const reserves = rest.reserves(index);
    const keys = listed.flatMap(({ meter }) => {
      const name = this.#places.get(meter)?.name ?? '';
      return [this.#key(`${name}:log`), this.#key(`${name}:sums`)];
    });
    const meters = listed.map(({ meter, limit }) => this.#plannedMeter(meter, limit));
    return {
      keys: [...this.storeKeys, ...keys],
      meters,
      known: listed.map(({ meter }) => meter),
      scopes: rest.scopes,
      lane: rest.lane,
      reserves,
      holds: meters.some(({ policy, limit }) => policy === 'concurrent' && limit !== undefined),
    };
  }

  #plannedMeter(meter: Meter, limit: string | undefined): PlannedMeter {
    const place = this.#places.get(meter);
    const { capacity = 0, ceiling = 0, windowMs = 0, allowanceMs = 0 } = place?.options ?? {};
    return {
      policy: place?.policy ?? '',
      ...(limit === undefined ? {} : { limit }),
      capacity: meter.capacity,
      refill: capacity,
      window: micros(windowMs),
      allowance: micros(allowanceMs),
      slot: ceiling > mostSlots ? micros(windowMs / mostSlots) : 0,
      lease: micros(this.#store.leaseMs),
      again: micros(holdersAgainMs),
    };
  }

  /** Two texts that are not well-formed can become one on their way to the store. */
  #requireWellFormed({ id, scope }: Limit): void {
    const field = id.isWellFormed() ? 'scope' : 'id';
    const text = field === 'id' ? id : scope.id;
    if (!text.isWellFormed()) throw limitFault(id, field, 'well-formed Unicode in a shared limiter', text);
  }

  #name(limit: string, at: number, { byLane, checked }: WindowMeters): void {
    const { name: policy, hasWindow = true } = checked.policy;
    if (!policies.includes(policy))
      throw limitFault(
        limit,
        `windows[${at}].policy`,
        `one of ${policies.join(', ')} in a shared limiter`,
        policy,
      );
    for (const [lane, meter] of byLane.entries()) {
      const options = checked.byLane[lane];
      if (options === undefined || this.#places.has(meter)) continue;
      // A bucket without an allowance is a pace of our own choice, which no server counts.
      const isOurs = policy === 'token-bucket' && options.allowanceMs === 0;
      if (hasWindow && !isOurs && options.allowanceMs < leastAllowanceMs) {
        const expected = `at least ${leastAllowanceMs} in a shared limiter`;
        throw limitFault(limit, `windows[${at}].allowanceMs`, expected, options.allowanceMs);
      }
      this.#places.set(meter, { name: `${limit}:${at}:${lanes[lane]}:${policy}`, options, policy });
    }
  }

  /** In braces is what a cluster goes by: all keys of a limiter are on one node. */
  #key(name: string): string {
    return `{${this.#store.keyPrefix}}:${name}`;
  }
}

/** So long is for ever, and still a number that the store can count with: 71 years. */
const mostMicros = Math.floor(Number.MAX_SAFE_INTEGER / 4);

/** Whole microseconds of a time in milliseconds; rather more than less. */
export function micros(ms: number): number {
  return Math.max(-mostMicros, Math.min(Math.ceil(ms * 1_000), mostMicros));
}
