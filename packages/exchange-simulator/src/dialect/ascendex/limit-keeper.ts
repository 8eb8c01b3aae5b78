import type { Clock } from '@venuekit/connector-core';
import type { ForcedLimit } from '../../faults/limit-faults.ts';
import { refusals } from './error-codes.ts';
import type { AscendexLimits, MessageGroup } from './limit-options.ts';
import { type AddressBan, LimitRecord, type Moment, type Verdict } from './limit-record.ts';
import type { RiskReport } from './risk-report.ts';

/** Holds addresses to the limits of the stream. */
export interface LimitKeeper extends RiskReport {
  /** How many addresses are remembered. */
  readonly size: number;
  /**
   * The HTTP status with which an attempt to connect is refused; `undefined` if it may go on. The attempt counts.
   * @param group the account group in the path, if there is one.
   */
  connect(address: string, group: string | undefined): number | undefined;
  /** A session has opened; disposing ends it. */
  enter(address: string, group: string | undefined): Disposable;
  /** What becomes of a message, which counts. */
  judge(address: string, groups: readonly MessageGroup[]): Verdict;
  /** True if logins of the address are not looked at for now. */
  mayNotLogIn(address: string): boolean;
  /** A login has failed. */
  failedLogin(address: string): void;
}

/** Beyond this many addresses, the one that has been quiet for longest and has no session is forgotten, whatever it did. */
const mostAddresses = 10_000;

/** Addresses that did nothing that still counts are looked for each time that so many have come. */
const sweepEvery = 256;

/** What the venue enforces upon an address although it has exceeded nothing. */
type ForcedLimitOf = (address: string) => ForcedLimit | undefined;

/**
 * Makes a keeper that has seen nobody.
 * @param forced is asked for what a fault enforces; nothing if left out.
 */
export function createLimitKeeper(
  limits: AscendexLimits,
  clock: Clock,
  forced: ForcedLimitOf = () => undefined,
): LimitKeeper {
  return new Keeper(limits, clock, forced);
}

class Keeper implements LimitKeeper {
  readonly limits: AscendexLimits;
  readonly #clock: Clock;
  readonly #forced: ForcedLimitOf;
  /** The quietest first. */
  readonly #records = new Map<string, LimitRecord>();
  #came = 0;

  constructor(limits: AscendexLimits, clock: Clock, forced: ForcedLimitOf) {
    this.limits = limits;
    this.#clock = clock;
    this.#forced = forced;
  }

  get size(): number {
    return this.#records.size;
  }

  connect(address: string, group: string | undefined): number | undefined {
    return this.#recordOf(address).connect(this.#moment(), group);
  }

  enter(address: string, group: string | undefined): Disposable {
    return this.#recordOf(address).enter(group);
  }

  judge(address: string, groups: readonly MessageGroup[]): Verdict {
    if (groups.length === 0) return 'serve';
    const verdict = this.#recordOf(address).judge(this.#moment(), groups);
    return verdict === 'serve' && this.#forced(address)?.level === 1 ? 'ignore' : verdict;
  }

  mayNotLogIn(address: string): boolean {
    return this.#records.get(address)?.mayNotLogIn(this.#moment()) ?? false;
  }

  failedLogin(address: string): void {
    this.#recordOf(address).failedLogin(this.#moment());
  }

  ban(address: string): AddressBan | undefined {
    return this.#forcedBan(address) ?? this.#records.get(address)?.ban(this.#moment());
  }

  #forcedBan(address: string): AddressBan | undefined {
    const forced = this.#forced(address);
    if (forced === undefined || forced.level === 1) return undefined;
    return { untilMs: this.#clock.now() + forced.leftMs, ...refusals.ban };
  }

  #moment(): Moment {
    return { monotonicMs: this.#clock.monotonic(), nowMs: this.#clock.now() };
  }

  #recordOf(address: string): LimitRecord {
    const known = this.#records.get(address);
    const record = known ?? this.#begin();
    if (known !== undefined) this.#records.delete(address);
    this.#records.set(address, record);
    return record;
  }

  #begin(): LimitRecord {
    this.#came += 1;
    if (this.#came % sweepEvery === 0) this.#sweep();
    if (this.#records.size >= mostAddresses) this.#forgetOne();
    return new LimitRecord(this.limits);
  }

  #sweep(): void {
    const moment = this.#moment();
    for (const [address, record] of this.#records) if (record.isIdle(moment)) this.#records.delete(address);
  }

  #forgetOne(): void {
    for (const [address, record] of this.#records) {
      if (record.open > 0) continue;
      this.#records.delete(address);
      return;
    }
  }
}
