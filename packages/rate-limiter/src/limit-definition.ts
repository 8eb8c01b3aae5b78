import type { LimitPolicy } from './meter.ts';

/**
 * Who goes first where several wait for the same limit: `cancel` before `place` before `query` before `background`. How long a
 * lane lets those above it go first is bounded: see `Patience`.
 */
export type Lane = 'cancel' | 'place' | 'query' | 'background';

/** Every lane, the first to be served first. */
export const lanes: readonly Lane[] = ['cancel', 'place', 'query', 'background'];

/**
 * How long a request of each lane lets those of the lanes above it go first, in milliseconds. Who waits in a lane is served as if
 * it had come that much later into the lane `cancel`, whose patience is 0: so a request is overtaken only by those that come
 * within the difference of the two patiences after it.
 */
export type Patience = Readonly<Record<Exclude<Lane, 'cancel'>, number>>;

/** How a window is counted. */
export type PolicyName =
  /** At most `capacity` in any span of `windowMs`. */
  | 'sliding-window'
  /**
   * A bucket of `capacity`, filled again evenly in `windowMs`: a burst, then a steady pace. What flows in during the allowance is held
   * back from the burst.
   */
  | 'token-bucket'
  /** At most `capacity` at one time, until their grants are done. Without a window. */
  | 'concurrent';

/** One thing that the server counts. */
export interface LimitWindow {
  /** Most weight that it lets through; a positive integer. */
  readonly capacity: number;
  /** Length in milliseconds. Left out for `concurrent` only. */
  readonly windowMs?: number;
  /** `sliding-window` by default; an object for a server that counts in its own way. */
  readonly policy?: PolicyName | LimitPolicy;
  /** How far apart two equally long journeys to the server may be, in milliseconds; the limiter's own by default. */
  readonly allowanceMs?: number;
  /** Capacity that only a lane and those above it can use. `background` has none below it. */
  readonly reserved?: Partial<Readonly<Record<Exclude<Lane, 'background'>, number>>>;
}

/** Another limit that a request counts towards. */
export interface LinkedLimit<Id extends string = string> {
  readonly id: Id;
  /** What the linked limit is charged. Left out: as much as the limit that links to it, for the one that a request names its weight. */
  readonly weight?: number;
}

/**
 * A limit that requests name. A request is charged to the limit that it names and to all that are linked to it, theirs included;
 * a limit that is reached by several ways is charged once, with the greatest of the weights.
 */
export interface LimitDefinition<Id extends string = string> {
  readonly id: Id;
  /** What is counted under this limit: several windows are kept at once. Left out for a mere kind of request, which has links. */
  readonly windows?: readonly LimitWindow[];
  /** Weight of a request that states none; 1 by default. */
  readonly weight?: number;
  /** Limits that a request of this one counts towards too. */
  readonly links?: readonly LinkedLimit<NoInfer<Id>>[];
  /**
   * Whom the server counts together, for example `ip`, `key:7`, `account:main`: penalties are laid on a scope. The limit's own id
   * by default.
   */
  readonly scope?: string;
  /** Share of each capacity that is ours, in percent, rounded down; the limiter's own by default. */
  readonly sharePercent?: number;
}
