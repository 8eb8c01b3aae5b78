/** What is asked for: every request counts towards `all`, an order towards `order` too. */
export interface Limits {
  readonly windowMs: number;
  /** Most requests in a window. */
  readonly all: number;
  /** Most orders in a window. */
  readonly order: number;
  /** True where no request is meant to wait, for a subject whose capacity does not come back by the clock alone. */
  readonly unbound?: boolean;
}

/** What a request is: a query counts towards one limit, an order towards two. */
export type Kind = 'query' | 'order';

/** One limiter, ready for use. */
export interface Throttle {
  /** Waits for room, in the way that costs least. */
  acquire(kind: Kind): PromiseLike<unknown>;
  /** Waits for room and calls `work` then. */
  run(kind: Kind, work: () => void): PromiseLike<unknown>;
}

/** One way of limiting. */
export interface Subject {
  create(limits: Limits): Throttle;
}

/** A throttle out of something that is waited for, one limit after the other where there are two. */
export function chained(order: () => PromiseLike<unknown>, all: () => PromiseLike<unknown>): Throttle {
  const acquire = async (kind: Kind): Promise<void> => {
    if (kind === 'order') await order();
    await all();
  };
  return {
    // One limit alone is waited for as it is: what is measured is the library.
    acquire: (kind) => (kind === 'order' ? acquire(kind) : all()),
    run: async (kind, work) => {
      if (kind === 'order') await order();
      await all();
      work();
    },
  };
}
