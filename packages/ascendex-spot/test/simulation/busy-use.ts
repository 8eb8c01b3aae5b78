/** What busy programs need of the use of a connector. */
export interface BusyUse<H> {
  /** Opens a pair with all its streams. */
  open(pair: string, timeoutMs: number | undefined): Promise<H | undefined>;
  /** Closes every handle of a pair. */
  leave(pair: string): void;
  /** Audits the `nth` book; false if that gave no answer. */
  audit(nth: number): Promise<boolean>;
  /** True once it is being closed. */
  isOver(): boolean;
}

/** Three requests each time: more of them than the budget of a minute allows. */
const rounds = 42;
const openMs = 1_500;
/** Three snapshots each time, likewise. */
const audits = 110;

/** Goes in and out of a market, faster than the budget of requests allows for long. In the end it `leaves`, or stays. */
export async function churn<H>(use: BusyUse<H>, pair: string, leaves: boolean): Promise<void> {
  use.leave(pair);
  for (let round = 0; round < rounds && !use.isOver(); round += 1) {
    const opened = await use.open(pair, openMs);
    use.leave(pair);
    if (opened === undefined) break;
  }
  if (!leaves && !use.isOver()) await use.open(pair, undefined);
}

/** Audits three books again and again, more often than the budget of snapshots allows. */
export async function auditStorm<H>(use: BusyUse<H>): Promise<void> {
  for (let round = 0; round < audits && !use.isOver(); round += 1) {
    const answers = await Promise.all([0, 1, 2].map((nth) => use.audit(nth)));
    if (answers.every((answered) => !answered)) return;
  }
}
