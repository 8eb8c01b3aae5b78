import type { Taken } from '../grant.ts';
import type { LimitDefinition } from '../limit-definition.ts';
import type { LimitError } from '../limit-error.ts';
import type { LimitSet } from '../limit-set.ts';
import type { GateOwner } from '../limiter.ts';
import type { Gate, ServerCount } from '../local-gate.ts';
import type { Meter } from '../meter.ts';
import type { RequestQueue, Waiter } from '../request-queue.ts';
import type { Estimated, Room } from '../room-estimate.ts';
import { Holders } from './holders.ts';
import { PenaltyWatch } from './penalty-watch.ts';
import { type Ask, bodyOf, onlyHeld } from './redis-ask.ts';
import { micros, type Plan, Planner } from './redis-plan.ts';
import { type RedisStore, type StoreReply, unavailable } from './redis-store.ts';
import type { StoreAway } from './store-away.ts';

/** What a gate over Redis is made of. */
export interface RedisGateOptions {
  readonly owner: GateOwner;
  readonly store: RedisStore;
  readonly away: StoreAway;
  readonly keyPrefix: string;
  readonly leaseMs: number;
  readonly turnGraceMs: number;
  /** How long the store may take to answer. */
  readonly answerMs: number;
}

const mostStale = 3;
/** Nobody says so when room comes back earlier than expected, so who waits asks this often. */
const mostWaitMs = 1_000;

/**
 * Capacity in Redis. The first of each queue that may go is asked for by one script call, which takes everything or says when to ask
 * again; the script also keeps the order between processes, by tickets.
 */
export class RedisGate implements Gate {
  readonly #options: RedisGateOptions;
  readonly answerMs: number;
  readonly #holders: Holders;
  readonly #penalties: PenaltyWatch;
  readonly #asks = new Map<Waiter, Ask>();
  readonly #lastUsed = new Map<Meter, { readonly used: number; readonly atMs: number }>();
  #planner: Planner | undefined;
  #plannedSet: LimitSet | undefined;
  #name: string | undefined;
  #joining = false;
  #tickets = 0;

  constructor(options: RedisGateOptions) {
    this.#options = options;
    this.answerMs = options.answerMs;
    const { owner, leaseMs } = options;
    this.#holders = new Holders(owner.settings.time, leaseMs, (plan, held) => {
      this.#send('renew', plan.keys, { meters: plan.meters, held });
    });
    this.#penalties = new PenaltyWatch({
      owner,
      look: async (scopes) => (options.away.isAway ? undefined : this.#look(scopes)),
      tell: (scope, lasts, reason) => this.#tellPenalty(scope, lasts, reason),
    });
    options.away.start({
      join: async () => {
        await this.#join();
        this.#holders.renewAll();
      },
      assume: (meters, amounts) => this.#assumeAll(meters, amounts),
    });
  }

  /** The store answers later, so whoever comes has to wait. */
  takeNow(): undefined {
    return undefined;
  }

  take(waiter: Waiter, nowMs: number): Taken | number | 'asked' | LimitError {
    const { queue } = waiter;
    const { away } = this.#options;
    if (away.isAway) return away.take(waiter, this.#plans().planOf(queue), nowMs);
    if (this.#name === undefined) return this.#joinFirst();
    const ask = this.#asks.get(waiter);
    if (ask === undefined || (ask.state === 'later' && (ask.atMs <= nowMs || this.#isOutdated(waiter, ask))))
      return this.#ask(waiter, ask, nowMs);
    if (ask.state === 'granted') return this.#use(waiter, ask, nowMs);
    return ask.state === 'later' ? ask.atMs : 'asked';
  }

  forget(waiter: Waiter): void {
    const ask = this.#asks.get(waiter);
    if (ask === undefined) return;
    this.#asks.delete(waiter);
    ask.wanted = false;
    if (ask.state === 'granted') this.#giveBack(ask, ask.entries);
    if (ask.state === 'later') this.#leave(ask);
  }

  hasTaken(waiter: Waiter): boolean {
    return this.#asks.get(waiter)?.state === 'granted';
  }

  /** What the store would say is not known without asking. */
  readyAt(_queue: RequestQueue, _weights: readonly number[], nowMs: number): number {
    return nowMs;
  }

  /** By what was last heard of the store, which decides in the end. */
  roomIn({ charges }: RequestQueue, limitIndex: number, weight: number, nowMs: number): number {
    const { limitOf, meters } = charges;
    const fits = meters.every(
      (meter, at) => limitOf[at] !== limitIndex || this.used(meter, nowMs) + weight <= meter.capacity,
    );
    return fits ? nowMs : Number.POSITIVE_INFINITY;
  }

  /** What the store said to the request itself; those that were not asked for yet know nothing. */
  estimate({ queue, waiter }: Estimated, _queues: unknown, nowMs: number): Room | undefined {
    const ask = waiter === undefined ? undefined : this.#asks.get(waiter);
    const closed = queue.charges.limits.find(({ scope }) => scope.closedUntilMs > nowMs);
    if (closed !== undefined) return { atMs: closed.scope.closedUntilMs, limit: closed };
    return ask?.state === 'later' ? { atMs: Math.max(nowMs, ask.atMs), limit: undefined } : undefined;
  }

  used(meter: Meter, nowMs: number): number {
    if (this.#options.away.isAway) return this.#options.away.used(meter, nowMs);
    const last = this.#lastUsed.get(meter);
    return last === undefined || last.atMs + meter.periodMs <= nowMs ? 0 : last.used;
  }

  assume({ limit, meters, atLeast, sentAtMs, nowMs }: ServerCount): number {
    const distinct = [...new Set(meters)];
    const plan = this.#plans().planFor(distinct);
    const amount = Math.min(Math.ceil(Math.max(0, atLeast)), Number.MAX_SAFE_INTEGER);
    const amounts = distinct.map(() => amount);
    // The store knows what is in use; it decides how much of this is news.
    const body = { meters: plan.meters, amounts, ago: micros(nowMs - sentAtMs) || 0 };
    this.#send('assume', plan.keys, body, (reply) => {
      const { owner } = this.#options;
      const weight = Number(reply[1]);
      this.#noteUsed(plan, reply[2], this.#now());
      if (weight > 0) owner.observe({ kind: 'others-used', limit, weight });
      owner.retry();
    });
    return 0;
  }

  penalised(scope: string, untilMs: number, nowMs: number, reason: string): void {
    this.#tellPenalty(scope, micros(untilMs - nowMs), reason);
    if (untilMs > nowMs) this.#penalties.begin();
    else this.#askAgain(nowMs);
  }

  changing(definitions: readonly LimitDefinition[]): void {
    const { keyPrefix, leaseMs, away, owner } = this.#options;
    new Planner(owner.setOf(definitions), { keyPrefix, leaseMs });
    away.changing(definitions);
  }

  close(): void {
    for (const waiter of [...this.#asks.keys()]) this.forget(waiter);
    this.#penalties.close();
    this.#options.away.close();
  }

  /** A first word with the store: it gives this process a name that no other has. */
  #joinFirst(): 'asked' {
    if (!this.#joining) {
      this.#joining = true;
      void this.#join().then(
        () => this.#options.owner.retry(),
        (error: LimitError) => this.#failed(error),
      );
    }
    return 'asked';
  }

  async #join(): Promise<void> {
    try {
      const reply = await this.#options.store.call('join', this.#plans().storeKeys, {});
      this.#name ??= String(reply[2]);
    } finally {
      this.#joining = false;
    }
  }

  #ask(waiter: Waiter, before: Ask | undefined, nowMs: number): 'asked' {
    const { queue, weights } = waiter;
    const plan = this.#plans().planOf(queue);
    const ask: Ask = before ?? {
      ticket: this.#newTicket(),
      plan,
      weights: {},
      state: 'asked',
      atMs: nowMs,
      entries: [],
      moves: 0,
      stale: 0,
      again: false,
      wanted: true,
    };
    const named = Object.fromEntries(queue.charges.limits.map(({ id }, at) => [id, weights[at] ?? 1]));
    Object.assign(ask, { plan, weights: named, state: 'asked', atMs: nowMs, again: false });
    this.#asks.set(waiter, ask);
    const { store, turnGraceMs } = this.#options;
    const body = { ...bodyOf(ask), patience: micros(queue.patienceMs), grace: micros(turnGraceMs) };
    const { scopes, reserves, lane } = plan;
    const late = (reply: StoreReply): void => this.#unwanted(ask, reply);
    store.call('acquire', plan.keys, { ...body, scopes, reserves, lane }, late).then(
      (reply) => this.#heard(ask, reply),
      (error: LimitError) => this.#failed(error, ask),
    );
    return 'asked';
  }

  /** A ticket is never used again: an answer to an earlier one may still come. */
  #newTicket(): string {
    this.#tickets += 1;
    return `${this.#name}:${this.#tickets}`;
  }

  /** The limits were changed since it was asked. */
  #isOutdated({ queue }: Waiter, { plan }: Ask): boolean {
    return plan !== this.#plans().planOf(queue);
  }

  /** Something came back here: whoever waits need not wait for the time that the store said. */
  #askAgain(nowMs: number): void {
    for (const ask of this.#asks.values()) {
      ask.again = true;
      if (ask.state === 'later') ask.atMs = nowMs;
    }
  }

  #heard(ask: Ask, reply: StoreReply): void {
    if (!ask.wanted) {
      this.#unwanted(ask, reply);
      return;
    }
    const nowMs = this.#now();
    if (reply[0] === 'granted') {
      Object.assign(ask, { state: 'granted', entries: reply[2] });
      this.#noteUsed(ask.plan, reply[3], nowMs);
    } else {
      const waitMs = ask.again ? 0 : Math.min(Number(reply[2]) / 1_000, mostWaitMs);
      Object.assign(ask, { state: 'later', atMs: nowMs + waitMs });
      this.#noteUsed(ask.plan, reply[3], nowMs);
      // The penalty may be the one that was pardoned here meanwhile.
      if (!ask.again) this.#notePenalty(reply, nowMs);
    }
    this.#options.owner.retry();
  }

  /** An answer for somebody who is gone. */
  #unwanted(ask: Ask, reply: StoreReply): void {
    if (reply[0] === 'granted') this.#giveBack(ask, reply[2] as readonly unknown[]);
    else this.#leave(ask);
  }

  /**
   * Uses a grant, unless it is old: its window began at the store, so half of the allowance is for the way from there to here, and
   * the other half for the way to the server.
   */
  #use(waiter: Waiter, ask: Ask, nowMs: number): Taken | number | 'asked' | LimitError {
    const { allowanceMs } = this.#options.owner.limits().kinds.get(waiter.queue.kind) ?? {};
    const oldMs = nowMs - ask.atMs;
    const freshMs = (allowanceMs ?? Number.POSITIVE_INFINITY) / 2;
    const isOutdated = this.#isOutdated(waiter, ask);
    if (oldMs <= freshMs && !isOutdated) {
      this.#asks.delete(waiter);
      return this.#taken(ask, freshMs);
    }
    this.#giveBack(ask, ask.entries);
    if (!isOutdated) ask.stale += 1;
    ask.ticket = this.#newTicket();
    if (ask.stale < mostStale) return this.#ask(waiter, ask, nowMs);
    this.#asks.delete(waiter);
    return unavailable(
      `one that took ${Math.round(oldMs)} ms, more than half of the allowance of ${allowanceMs} ms`,
    );
  }

  #taken(ask: Ask, freshMs: number): Taken {
    const { plan, ticket, weights } = ask;
    if (plan.holds) this.#holders.add(ticket, { plan, weights });
    let moved: Promise<void> | undefined;
    const giveBack = (nowMs: number, entriesOf: () => readonly unknown[]): void => {
      if (plan.holds) this.#holders.remove(ticket);
      if (moved === undefined) this.#giveBack(ask, entriesOf());
      else void moved.then(() => this.#giveBack(ask, entriesOf()));
      this.#askAgain(nowMs);
    };
    return {
      sent: (nowMs) => {
        if (nowMs - ask.atMs <= freshMs) return;
        ask.atMs = nowMs;
        moved = this.#move(ask, moved);
      },
      replied() {},
      done: (nowMs) => {
        if (plan.holds) giveBack(nowMs, () => onlyHeld(plan, ask.entries));
      },
      release: (nowMs) => giveBack(nowMs, () => ask.entries),
    };
  }

  /** The request leaves later than the allowance covers: its windows begin anew. */
  async #move(ask: Ask, before: Promise<void> | undefined): Promise<void> {
    try {
      await before;
      const body = { ...bodyOf(ask), entries: ask.entries };
      const reply = await this.#options.store.call('move', ask.plan.keys, body);
      ask.entries = reply[2] as readonly unknown[];
      ask.moves += 1;
    } catch (error) {
      this.#options.owner.observe({ kind: 'failure', error });
    }
  }

  #giveBack(ask: Ask, entries: readonly unknown[]): void {
    this.#send('give-back', ask.plan.keys, { ...bodyOf(ask), entries });
  }

  #leave({ plan, ticket }: Ask): void {
    this.#send('leave', plan.keys, { ticket });
  }

  async #assumeAll(meters: readonly Meter[], amounts: readonly number[]): Promise<void> {
    const plan = this.#plans().planFor(meters);
    await this.#options.store.call('assume', plan.keys, { meters: plan.meters, amounts });
  }

  /** Says something for which nobody waits. */
  #send(
    action: string,
    keys: readonly string[],
    body: object,
    hear: (reply: StoreReply) => void = () => {},
  ): void {
    this.#options.store.call(action, keys, body).then(hear, (error: unknown) => {
      this.#options.owner.observe({ kind: 'failure', error });
    });
  }

  #failed(error: LimitError, by?: Ask): void {
    // Of a time before: the store has been away and back since it was asked, or its waiter is gone.
    if (by?.wanted === false) {
      this.#options.owner.observe({ kind: 'failure', error });
      return;
    }
    for (const ask of this.#asks.values()) ask.wanted = false;
    this.#asks.clear();
    this.#options.owner.observe({ kind: 'failure', error });
    this.#options.away.begin(error, this.#now());
    this.#options.owner.retry();
  }

  #noteUsed({ known }: Plan, used: unknown, atMs: number): void {
    for (const [at, meter] of known.entries())
      this.#lastUsed.set(meter, { used: Number((used as readonly unknown[])[at]), atMs });
  }

  #notePenalty(reply: StoreReply, nowMs: number): void {
    const leftMs = Number(reply[4]) / 1_000;
    if (leftMs <= 0) return;
    this.#options.owner.penalised(String(reply[5]), nowMs + leftMs, String(reply[6]));
    this.#penalties.begin();
  }

  #tellPenalty(scope: string, lasts: number, reason: string): void {
    this.#send('penalise', this.#plans().storeKeys, { scope, lasts, reason: reason.toWellFormed() });
  }

  #look(scopes: readonly string[]): Promise<StoreReply> {
    return this.#options.store.call('look', this.#plans().storeKeys, { scopes });
  }

  #plans(): Planner {
    const set = this.#options.owner.limits();
    if (this.#planner === undefined || this.#plannedSet !== set) {
      const { keyPrefix, leaseMs } = this.#options;
      this.#planner = new Planner(set, { keyPrefix, leaseMs });
      this.#plannedSet = set;
      this.#lastUsed.clear();
    }
    return this.#planner;
  }

  #now(): number {
    return this.#options.owner.settings.time.now();
  }
}
