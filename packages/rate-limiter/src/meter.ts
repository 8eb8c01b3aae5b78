/** What a meter is made for. */
export interface MeterOptions {
  /** Most weight that this meter lets through: the capacity, or what a reserve leaves of it. */
  readonly ceiling: number;
  /** What the server lets through, after our share of it was taken. */
  readonly capacity: number;
  /** Length of the window in milliseconds; 0 where the definition has none. */
  readonly windowMs: number;
  /** Difference of two journeys to the server that must not matter, in milliseconds. */
  readonly allowanceMs: number;
}

/** What a meter remembers of one request; its own. */
export type MeterEntry = object;

/**
 * Counts what is used of one window, as the server does, or less favourably. Times are those of the limiter's clock and do not go
 * back. A meter decides nothing by itself: the limiter asks {@link Meter.fitsAt} of all meters of a request, then takes of all.
 */
export interface Meter<Entry extends MeterEntry = MeterEntry> {
  /** Most weight that can ever be in use: a heavier request is refused at once. */
  readonly capacity: number;
  /** Time in which a whole capacity comes back, in milliseconds. */
  readonly periodMs: number;
  /** Weight in use. */
  used(nowMs: number): number;
  /** The earliest time at which `weight` more fits, if nothing else is taken: `nowMs` or before if it fits now; `Infinity` if nobody can know. */
  fitsAt(weight: number, nowMs: number): number;
  /** Takes `weight`, which fits. */
  take(weight: number, nowMs: number): Entry;
  /** The request leaves only now. */
  sent(entry: Entry, nowMs: number): void;
  /** The server has answered the request, and so had counted it by now. */
  replied(entry: Entry, weight: number, nowMs: number): void;
  /** The work of the request has ended. */
  done(entry: Entry, weight: number, nowMs: number): void;
  /** Nothing was sent: takes the weight back out. */
  release(entry: Entry, weight: number, nowMs: number): void;
  /** Counts what somebody else used, as if it had been taken at `atMs`. */
  assume(weight: number, atMs: number): void;
  /** Weight in use of what was taken at `atMs` or before. */
  usedUpTo(atMs: number, nowMs: number): number;
  /** The limit was changed: keeps what is in use. */
  resize(options: MeterOptions, nowMs: number): void;
}

/** A way of counting. The limiter brings three; a venue that counts otherwise can have its own. */
export interface LimitPolicy {
  /** What it is called, in snapshots and errors. */
  readonly name: string;
  /** False if it has no window, as a count of what goes on at one time. True by default. */
  readonly hasWindow?: boolean;
  /** Makes a meter with nothing in use. */
  createMeter(options: MeterOptions): Meter;
}
