import { Admission } from './admission.ts';
import { type Grant, type GrantOwner, GrantRecord, type Taken } from './grant.ts';
import type { Scope } from './limit.ts';
import { shown } from './limit-check.ts';
import { type Lane, type LimitDefinition, lanes } from './limit-definition.ts';
import { LimitError } from './limit-error.ts';
import { createLimitSet, type LimitSet, type LimitSetOptions, requireKind } from './limit-set.ts';
import type { LimiterEvent, LimiterUsage } from './limiter-events.ts';
import { type LimiterSettings, settingsOf } from './limiter-settings.ts';
import { usageOf } from './limiter-usage.ts';
import type { Gate } from './local-gate.ts';
import type { Meter } from './meter.ts';
import type { RateLimiterOptions, ReportOptions, RequestOptions } from './rate-limiter.ts';
import { checkRequest, invalidRequest } from './request-check.ts';
import type { CheckedRequest } from './request-queue.ts';
import { Watchers } from './watchers.ts';

/** What a gate may ask of its limiter. */
export interface GateOwner {
  readonly settings: LimiterSettings;
  readonly limits: () => LimitSet;
  /** Checks definitions and makes a set of them, with nothing in use. */
  readonly setOf: (definitions: readonly LimitDefinition[]) => LimitSet;
  /** Something became known: asks the gate again. */
  readonly retry: () => void;
  /** Somebody else closed a scope. */
  readonly penalised: (scope: string, untilMs: number, reason: string) => void;
  readonly observe: (event: LimiterEvent) => void;
}

const dayMs = 86_400_000;
const noOptions: RequestOptions = {};
const settled: Promise<undefined> = Promise.resolve(undefined);
const sentNow = (grant: GrantRecord): GrantRecord => {
  grant.leave();
  return grant;
};
const same = (grant: GrantRecord): GrantRecord => grant;

/** A limiter over some gate: its public face. {@link Admission} decides who goes when. */
export class Limiter implements GrantOwner {
  readonly #settings: LimiterSettings;
  readonly #gate: Gate;
  readonly #admission: Admission;
  readonly #watchers: Watchers;
  readonly #draining = new Set<() => void>();
  #set: LimitSet;
  #running = 0;
  #isClosed = false;

  constructor(options: RateLimiterOptions, makeGate: (owner: GateOwner) => Gate) {
    const settings = settingsOf(options);
    this.#settings = settings;
    this.#set = createLimitSet(options.limits, this.#setOptions());
    const onFailure = (error: unknown): void => this.#tell({ kind: 'failure', error });
    this.#watchers = new Watchers({ time: settings.time, usage: () => this.usage(), onFailure });
    this.#gate = makeGate({
      settings,
      limits: () => this.#set,
      setOf: (definitions) => createLimitSet(definitions, this.#setOptions()),
      retry: () => this.#changed(),
      penalised: (id, untilMs, reason) => {
        const scope = this.#set.scopes.get(id);
        if (scope !== undefined && untilMs > scope.closedUntilMs) this.#closeScope(scope, untilMs, reason);
      },
      observe: (event) => this.#tell(event),
    });
    this.#admission = new Admission({
      settings,
      gate: this.#gate,
      onChange: () => this.#watchers.changed(),
      onRefused: ({ kind, lane }, { code }) => this.#refused(kind, lanes[lane] ?? 'query', code),
    });
  }

  now(): number {
    return this.#settings.time.now();
  }

  async run<T>(
    id: string,
    work: (grant: Grant) => T | PromiseLike<T>,
    options: RequestOptions = noOptions,
  ): Promise<T> {
    const request = this.#check(id, options);
    const grant = this.#takeNow(request, options);
    if (grant !== undefined) return this.#start(grant, work);
    return this.#wait(request, options, (granted) => this.#start(granted, work));
  }

  acquire(id: string, options: RequestOptions = noOptions): Promise<Grant> {
    try {
      const request = this.#check(id, options);
      const grant = this.#takeNow(request, options);
      // Between the granting and the caller's next line the caller may be busy: the request can leave only then.
      if (grant !== undefined) return settled.then(() => sentNow(grant));
      return this.#wait(request, options, same).then(sentNow);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  tryAcquire(id: string, options: Pick<RequestOptions, 'weight' | 'lane'> = noOptions): Grant | undefined {
    if (this.#gate.answerMs > 0)
      throw invalidRequest(id, 'tryAcquire', 'a limiter in memory', 'one whose store answers later');
    return this.#takeNow(this.#check(id, options), noOptions);
  }

  penalise(scope: string, untilMs: number, reason: string): void {
    const closed = this.#scope(scope);
    if (typeof untilMs !== 'number' || Number.isNaN(untilMs))
      throw invalidRequest(undefined, 'untilMs', 'a time', untilMs);
    if (untilMs <= closed.closedUntilMs) return;
    this.#gate.penalised(scope, untilMs, this.now(), reason);
    this.#closeScope(closed, untilMs, reason);
  }

  pardon(scope: string): void {
    const closed = this.#scope(scope);
    if (closed.closedUntilMs <= this.now()) return;
    closed.closedUntilMs = Number.NEGATIVE_INFINITY;
    const nowMs = this.now();
    this.#gate.penalised(scope, nowMs, nowMs, '');
    this.#tell({ kind: 'pardon', scope });
    this.#changed();
  }

  report(id: string, used: number, { windowMs, sentAtMs }: ReportOptions = {}): void {
    const limit = this.#set.limits.get(requireKind(this.#set, id).id);
    if (!Number.isFinite(used) || used < 0) throw invalidRequest(id, 'used', 'a weight from 0', used);
    const windows = (limit?.windows ?? []).filter(
      ({ checked }) => windowMs === undefined || checked.byLane[0]?.windowMs === windowMs,
    );
    const [window] = windows;
    if (window === undefined || windows.length > 1)
      throw invalidRequest(id, 'windowMs', 'the length of one window of the limit', windowMs);
    const nowMs = this.now();
    // What is not ours of the capacity is there for others; only what they use beyond it is ours to do without.
    const atLeast = used - window.checked.othersShare;
    const weight = this.#gate.assume({
      limit: id,
      meters: window.byLane,
      atLeast,
      sentAtMs: sentAtMs ?? nowMs,
      nowMs,
    });
    if (weight === 0) return;
    this.#tell({ kind: 'others-used', limit: id, weight });
    this.#changed();
  }

  setLimits(limits: readonly LimitDefinition[]): void {
    // What is in use moves to the new set as it is made, so it is made only of limits that were found to make sense.
    createLimitSet(limits, this.#setOptions());
    this.#gate.changing(limits);
    this.#set = createLimitSet(limits, this.#setOptions(this.#set));
    this.#admission.moveTo(this.#set);
    this.#watchers.changed();
  }

  usage(): LimiterUsage {
    const { room } = this.#admission;
    const nowMs = this.now();
    const used = (meter: Meter): number => this.#gate.used(meter, nowMs);
    return usageOf({ set: this.#set, room, running: this.#running, nowMs, used });
  }

  watch(listener: (usage: LimiterUsage) => void, options: { readonly everyMs?: number } = {}): Disposable {
    const { everyMs = 1_000 } = options;
    if (!(Number.isFinite(everyMs) && everyMs > 0))
      throw invalidRequest(undefined, 'everyMs', 'a time above 0', everyMs);
    return this.#watchers.add(listener, everyMs);
  }

  drain({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#draining.delete(drained);
        signal?.removeEventListener('abort', abort);
      };
      const drained = (): void => {
        leave();
        resolve();
      };
      const abort = (): void => {
        leave();
        reject(signal?.reason);
      };
      this.#draining.add(drained);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#admission.close(closedError);
    this.#gate.close();
    this.#watchers.close();
    this.#tellIfIdle();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  capacityReturned(): void {
    this.#watchers.changed();
    if (this.#admission.room.size > 0) this.#admission.admit();
  }

  replyCame({ id, weight }: GrantRecord, tookMs: number): void {
    const kind = this.#set.kinds.get(id);
    if (kind === undefined || tookMs <= kind.lateAfterMs) return;
    kind.counts.late += weight;
    this.#tell({ kind: 'late', limit: id, weight, tookMs });
  }

  #check(id: string, options: RequestOptions): CheckedRequest {
    try {
      if (this.#isClosed) throw closedError();
      if (options.deadlineMs !== undefined) this.#checkDeadline(id, options.deadlineMs);
      return checkRequest(this.#set, id, options);
    } catch (error) {
      this.#refused(id, options.lane ?? 'query', (error as LimitError).code);
      throw error;
    }
  }

  #checkDeadline(id: string, deadlineMs: number): void {
    // A duration in the place of a moment would quietly mean now or never.
    if (typeof deadlineMs === 'number' && deadlineMs >= this.now() - dayMs) return;
    const expected = "a time by the limiter's clock, for example limiter.now() + 500";
    throw invalidRequest(id, 'deadlineMs', expected, deadlineMs);
  }

  #takeNow(request: CheckedRequest, { signal }: RequestOptions): GrantRecord | undefined {
    if (signal?.aborted === true) return undefined;
    const nowMs = this.now();
    const taken = this.#admission.takeNow(request, nowMs);
    return taken === undefined ? undefined : this.#grant(request, taken, nowMs, 0);
  }

  #wait<T>(
    request: CheckedRequest,
    options: RequestOptions,
    use: (grant: GrantRecord) => T | PromiseLike<T>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#admission.wait(request, options, {
        granted: (taken, atMs, waitedMs, { queue, weights }) => {
          resolve(use(this.#grant({ ...request, queue, weights }, taken, atMs, waitedMs)));
          this.#tellIfIdle();
        },
        refused: (error) => {
          reject(error);
          this.#tellIfIdle();
        },
      });
    });
  }

  #grant(
    { queue, lane, weights }: CheckedRequest,
    taken: Taken,
    atMs: number,
    waitedMs: number,
  ): GrantRecord {
    const weight = weights[0] ?? 1;
    queue.counts.admitted += 1;
    this.#watchers.changed();
    if (this.#settings.observe !== undefined)
      this.#tell({ kind: 'admitted', limit: queue.kind, lane, weight, waitedMs });
    return new GrantRecord(queue.kind, lane, weight, atMs, taken, this);
  }

  async #start<T>(grant: GrantRecord, work: (grant: Grant) => T | PromiseLike<T>): Promise<T> {
    this.#running += 1;
    try {
      // Between the granting and this line an observer, or another process on this core, may have taken long.
      grant.leave();
      return await work(grant);
    } finally {
      this.#running -= 1;
      grant.done();
      this.#watchers.changed();
      this.#tellIfIdle();
    }
  }

  #refused(id: string, lane: Lane, code: LimitError['code']): void {
    const kind = this.#set.kinds.get(id);
    if (kind !== undefined) kind.counts.refused += 1;
    this.#watchers.changed();
    this.#tell({ kind: 'refused', limit: id, lane, code });
  }

  #closeScope(scope: Scope, untilMs: number, reason: string): void {
    Object.assign(scope, { closedUntilMs: untilMs, reason });
    this.#tell({ kind: 'penalty', scope: scope.id, untilMs, reason });
    this.#admission.refusePenalised();
    this.#changed();
  }

  #changed(): void {
    this.#watchers.changed();
    this.#admission.admit();
  }

  #isIdle(): boolean {
    return this.#running === 0 && this.#admission.room.size === 0;
  }

  #tellIfIdle(): void {
    if (this.#draining.size === 0 || !this.#isIdle()) return;
    for (const drained of [...this.#draining]) drained();
  }

  #scope(id: string): Scope {
    const scope = this.#set.scopes.get(id);
    if (scope !== undefined) return scope;
    const known = [...this.#set.scopes.keys()].slice(0, 20).join(', ');
    throw new LimitError({
      code: 'unknown-limit',
      message: `expected a scope of ${known}, got ${shown(id)}`,
    });
  }

  #setOptions(before?: LimitSet): LimitSetOptions {
    const { defaults, patience } = this.#settings;
    return { defaults, patience, nowMs: this.now(), before };
  }

  #tell(event: LimiterEvent): void {
    try {
      this.#settings.observe?.(event);
    } catch {
      // An observer that throws is ignored, as the option says: there is nobody left to tell.
    }
  }
}

function closedError(): LimitError {
  return new LimitError({ code: 'closed', message: 'expected an open limiter, got a closed one' });
}
