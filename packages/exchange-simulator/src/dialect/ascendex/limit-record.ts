import { refusals } from './error-codes.ts';
import { SlidingCount } from './limit-count.ts';
import { type AscendexLimits, type MessageGroup, messageGroups } from './limit-options.ts';

/** Why an address is banned, and for how long. */
export interface AddressBan {
  /** Milliseconds since the epoch, by the clock as it was when the ban began. */
  readonly untilMs: number;
  readonly code: number;
  readonly reason: string;
}

/** What becomes of a message: it is served, it is not answered, or its session ends. */
export type Verdict = 'serve' | 'ignore' | 'end';

/** One moment on both clocks. */
export interface Moment {
  /** Time that only goes forward: everything is counted by it. */
  readonly monotonicMs: number;
  /** Milliseconds since the epoch, for what clients are told. */
  readonly nowMs: number;
}

/** What one address has done lately. */
export class LimitRecord {
  readonly #limits: AscendexLimits;
  readonly #connects: SlidingCount;
  readonly #failedLogins: SlidingCount;
  readonly #messages: Readonly<Record<MessageGroup, SlidingCount>>;
  readonly #ignoredUntil = new Map<MessageGroup, number>();
  readonly #sessions = new Map<string | undefined, number>();
  #open = 0;
  #ban: (AddressBan & { readonly endMs: number }) | undefined;

  constructor(limits: AscendexLimits) {
    this.#limits = limits;
    this.#connects = new SlidingCount(limits.connectWindowMs, limits.connects);
    this.#failedLogins = new SlidingCount(limits.windowMs, limits.failedLogins);
    this.#messages = Object.fromEntries(
      messageGroups.map((group) => [group, new SlidingCount(limits.windowMs, limits[group][1])]),
    ) as Record<MessageGroup, SlidingCount>;
  }

  /** Open sessions. */
  get open(): number {
    return this.#open;
  }

  /** Why it is banned now. */
  ban({ monotonicMs }: Moment): AddressBan | undefined {
    if (this.#ban !== undefined && this.#ban.endMs <= monotonicMs) this.#ban = undefined;
    return this.#ban;
  }

  /** The HTTP status with which an attempt to connect is refused; the attempt counts. */
  connect(moment: Moment, group: string | undefined): number | undefined {
    const { connects, bannedStatus, crowdedStatus, sessionsPerAddress, sessionsPerGroup } = this.#limits;
    if (this.ban(moment) !== undefined) return bannedStatus;
    if (this.#connects.add(moment.monotonicMs) > connects) {
      this.#banNow(moment, `more than ${connects} connections in ${spanText(this.#limits.connectWindowMs)}`);
      return bannedStatus;
    }
    const isGroupFull = group !== undefined && (this.#sessions.get(group) ?? 0) >= sessionsPerGroup;
    return isGroupFull || this.#open >= sessionsPerAddress ? crowdedStatus : undefined;
  }

  /** A session has opened; disposing ends it. */
  enter(group: string | undefined): Disposable {
    this.#change(group, 1);
    let left = false;
    return {
      [Symbol.dispose]: () => {
        if (!left) this.#change(group, -1);
        left = true;
      },
    };
  }

  /** A message of these groups has come, and counts in each of them. */
  judge(moment: Moment, groups: readonly MessageGroup[]): Verdict {
    let verdict: Verdict = 'serve';
    for (const group of groups) {
      const own = this.#judgeOne(moment, group);
      if (own === 'end' || verdict === 'serve') verdict = own;
    }
    return verdict;
  }

  /** True if there were too many failed logins lately. */
  mayNotLogIn({ monotonicMs }: Moment): boolean {
    return this.#failedLogins.at(monotonicMs) >= this.#limits.failedLogins;
  }

  failedLogin({ monotonicMs }: Moment): void {
    this.#failedLogins.add(monotonicMs);
  }

  /** True if nothing of it matters any more. */
  isIdle(moment: Moment): boolean {
    const { monotonicMs } = moment;
    const counts = [this.#connects, this.#failedLogins, ...Object.values(this.#messages)];
    const isIgnored = [...this.#ignoredUntil.values()].some((untilMs) => untilMs > monotonicMs);
    const isBanned = this.ban(moment) !== undefined;
    return (
      this.#open === 0 && !isBanned && !isIgnored && counts.every((count) => count.at(monotonicMs) === 0)
    );
  }

  #judgeOne(moment: Moment, group: MessageGroup): Verdict {
    const [ignoreAbove, banAbove] = this.#limits[group];
    const { monotonicMs } = moment;
    const count = this.#messages[group].add(monotonicMs);
    if (count > banAbove) {
      this.#banNow(moment, `more than ${banAbove} ${group} messages in ${spanText(this.#limits.windowMs)}`);
      return 'end';
    }
    if ((this.#ignoredUntil.get(group) ?? Number.NEGATIVE_INFINITY) > monotonicMs) return 'ignore';
    if (count <= ignoreAbove) return 'serve';
    this.#ignoredUntil.set(group, monotonicMs + this.#limits.ignoreMs);
    return 'ignore';
  }

  /** A ban that is there already is not made longer. */
  #banNow(moment: Moment, why: string): void {
    if (this.ban(moment) !== undefined) return;
    const { banMs } = this.#limits;
    const { code, reason } = refusals.ban;
    const [untilMs, endMs] = [moment.nowMs + banMs, moment.monotonicMs + banMs];
    this.#ban = { untilMs, endMs, code, reason: `${reason}: ${why}` };
  }

  #change(group: string | undefined, by: 1 | -1): void {
    this.#open += by;
    const left = (this.#sessions.get(group) ?? 0) + by;
    if (left === 0) this.#sessions.delete(group);
    else this.#sessions.set(group, left);
  }
}

function spanText(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`;
}
