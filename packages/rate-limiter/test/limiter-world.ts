import { getEventListeners } from 'node:events';
import {
  createRateLimiter,
  type Grant,
  isLimitError,
  type LimiterEvent,
  type LocalRateLimiter,
} from '../src/index.ts';
import { type CallPlan, type CommandPlan, changedLimits, type Plan, prepareMs } from './drawn-plan.ts';
import type { ModelRequest } from './models/model-request.ts';
import { OrderModel } from './models/order-model.ts';
import { ServerModel, type ServerOptions } from './models/server-model.ts';
import { VirtualTime } from './models/virtual-time.ts';
import { usageProblems } from './usage-comparison.ts';

const mostSteps = 20_000;

/** What one run showed. */
export interface Outcome {
  readonly order: OrderModel;
  readonly server: ServerModel;
  /** What was left behind or came out otherwise than the driver can explain. */
  readonly left: readonly string[];
  readonly lateWeight: ReadonlyMap<string, number>;
  readonly events: readonly LimiterEvent[];
  readonly changes: number;
}

/** Plays a plan against a limiter, a model of the order and a model of the server. */
export async function playPlan(plan: Plan, server: Partial<ServerOptions> = {}): Promise<Outcome> {
  const world = new LimiterWorld(plan, server);
  await world.play();
  return world;
}

class WorkFailed extends Error {}

class LimiterWorld implements Outcome {
  readonly order: OrderModel;
  readonly server: ServerModel;
  readonly left: string[] = [];
  readonly lateWeight = new Map<string, number>();
  readonly events: LimiterEvent[] = [];
  changes = 0;
  readonly #plan: Plan;
  readonly #time: VirtualTime;
  readonly #limiter: LocalRateLimiter;
  readonly #signals: AbortSignal[] = [];
  /** Rises with everything that happens, so that it shows when nothing does. */
  #activity = 0;
  #running = 0;
  #isDrained = false;

  constructor(plan: Plan, server: Partial<ServerOptions>) {
    const { definitions, sharePercent, allowanceMs, patience, maxWaiting } = plan;
    this.#plan = plan;
    this.#time = new VirtualTime((created) => Math.imul(created, 2 * plan.ties + 1) ^ plan.ties);
    this.order = new OrderModel({ definitions, sharePercent, allowanceMs, patience, maxWaiting });
    this.server = new ServerModel(definitions, { sharePercent, ...server });
    this.#limiter = createRateLimiter<string>({
      limits: definitions,
      time: this.#time,
      allowanceMs,
      sharePercent,
      patience,
      maxWaiting,
      observe: (event) => this.events.push(event),
    });
  }

  async play(): Promise<void> {
    this.#schedule();
    for (let step = 0; this.#time.pending > 0; step += 1) {
      if (step > mostSteps) return void this.left.push(`still busy after ${mostSteps} steps`);
      await this.#step(() => this.#time.fireNext(), this.#time.nextAtMs());
      if (step % 3 === 0) this.#compareUsage();
    }
    await this.#end();
  }

  async #step(act: () => void, atMs: number): Promise<void> {
    this.order.beginStep(atMs);
    act();
    await this.#settle();
    this.order.endStep();
  }

  async #end(): Promise<void> {
    for (const request of this.order.waiting) this.left.push(`request ${request.sequence} starved`);
    await this.#step(() => {
      void this.#limiter.drain().then(() => {
        this.#isDrained = true;
      });
    }, this.#time.now());
    if (!this.#isDrained) this.left.push('drain goes on');
    if (this.#running > 0) this.left.push(`${this.#running} requests never ended`);
    this.#compareUsage();
    this.#limiter.close();
    if (this.#time.pending > 0) this.left.push(`${this.#time.pending} timers`);
    for (const signal of this.#signals) {
      const count = getEventListeners(signal, 'abort').length;
      if (count > 0) this.left.push(`${count} listeners of a signal`);
    }
  }

  /** Lets promises go on until nothing has happened for some turns. */
  async #settle(): Promise<void> {
    for (let quiet = 0, seen = this.#activity; quiet < 8; quiet += 1) {
      await null;
      if (this.#activity !== seen) quiet = 0;
      seen = this.#activity;
    }
  }

  #schedule(): void {
    let atMs = 0;
    let together: (CallPlan | CommandPlan)[] = [];
    for (const step of this.#plan.steps) {
      if (step.gapMs >= 0) together = [];
      atMs += Math.max(0, step.gapMs);
      if (together.length === 0) {
        const group = together;
        this.#time.setTimer(atMs, () => {
          for (const each of group) this.#do(each);
        });
      }
      together.push(step);
    }
    const { closesAfterMs } = this.#plan;
    if (closesAfterMs !== undefined) this.#time.setTimer(closesAfterMs, () => this.#close());
  }

  #close(): void {
    this.order.closed();
    this.#limiter.close();
  }

  #do(step: CallPlan | CommandPlan): void {
    this.#activity += 1;
    if (step.kind === 'call') this.#call(step);
    else if (step.kind === 'change') this.#change(step.factors);
    else this.#command(step);
  }

  #command(step: Exclude<CommandPlan, { kind: 'change' }>): void {
    const definition = this.#definitionOf(step.limit);
    const scope = definition.scope ?? definition.id;
    if (step.kind === 'pardon') {
      this.order.pardoned(scope);
      this.#limiter.pardon(scope);
      return;
    }
    const untilMs = this.#time.now() + step.forMs;
    this.order.penalised(scope, untilMs);
    this.#limiter.penalise(scope, untilMs, 'drawn');
  }

  #change(factors: Extract<CommandPlan, { kind: 'change' }>['factors']): void {
    const definitions = changedLimits(this.#plan, factors);
    // Those that let in at once are told before the call returns, so the models have to know first whether it will be taken.
    try {
      createRateLimiter<string>({
        limits: definitions,
        time: new VirtualTime(),
        allowanceMs: this.#plan.allowanceMs,
        sharePercent: this.#plan.sharePercent,
      }).close();
    } catch (error) {
      this.#expectRefusal(error, () => this.#limiter.setLimits(definitions));
      return;
    }
    this.changes += 1;
    this.order.changed(definitions);
    this.server.change(definitions);
    this.#limiter.setLimits(definitions);
  }

  #expectRefusal(error: unknown, change: () => void): void {
    if (!isLimitError(error) || error.code !== 'invalid-limits') throw error;
    try {
      change();
    } catch {
      return;
    }
    this.left.push('limits were taken that no limiter is made with');
  }

  #definitionOf(index: number): Plan['definitions'][number] {
    const definition = this.#plan.definitions[index % this.#plan.definitions.length];
    if (definition === undefined) throw new Error('expected a limit, got none');
    return definition;
  }

  #call(call: CallPlan): void {
    const { id } = this.#definitionOf(call.limit);
    const { lane, weight, deadlineAfterMs, abortAfterMs } = call;
    const isTry = call.how === 'try';
    const deadlineMs = deadlineAfterMs === undefined ? undefined : this.#time.now() + deadlineAfterMs;
    const request = this.order.came({
      limit: id,
      lane,
      weight,
      deadlineMs: isTry ? undefined : deadlineMs,
      refusesPenalty: !isTry && call.whenPenalised === 'refuse',
      asksOnce: isTry,
    });
    this.#running += 1;
    const stated = { lane, ...(weight === undefined ? {} : { weight }) };
    if (isTry) {
      this.#try(request, call, stated);
      return;
    }
    const options = {
      ...stated,
      whenPenalised: call.whenPenalised,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      ...(abortAfterMs === undefined ? {} : { signal: this.#signalOf(request, abortAfterMs) }),
    };
    if (call.how === 'run') this.#run(request, call, options);
    else this.#acquire(request, call, options);
    if (abortAfterMs === 0) this.#abortNow.get(request)?.();
  }

  readonly #abortNow = new Map<ModelRequest, () => void>();

  #signalOf(request: ModelRequest, afterMs: number): AbortSignal {
    const controller = new AbortController();
    this.#signals.push(controller.signal);
    const abort = () => {
      request.aborted = true;
      controller.abort();
    };
    if (afterMs < 0) abort();
    else if (afterMs === 0) this.#abortNow.set(request, abort);
    else if (Number.isFinite(afterMs)) this.#time.setTimer(afterMs, abort);
    return controller.signal;
  }

  #try(request: ModelRequest, call: CallPlan, options: object): void {
    try {
      const grant = this.#limiter.tryAcquire(request.limit, options);
      if (grant === undefined) {
        this.#running -= 1;
        this.order.declined(request);
        return;
      }
      this.#admitted(request, grant, true);
      this.#go(request, call, grant, () => grant.done());
    } catch (error) {
      this.#refused(request, error);
    }
  }

  #acquire(request: ModelRequest, call: CallPlan, options: object): void {
    this.#limiter.acquire(request.limit, options).then(
      (grant) => {
        this.#admitted(request, grant, false);
        this.#go(request, call, grant, () => grant.done());
      },
      (error: unknown) => this.#refused(request, error),
    );
  }

  #run(request: ModelRequest, call: CallPlan, options: object): void {
    let worked = false;
    const work = (grant: Grant) => {
      if (worked) this.left.push(`request ${request.sequence} worked twice`);
      worked = true;
      this.#admitted(request, grant, true);
      return new Promise<number>((resolve, reject) => {
        this.#go(request, call, grant, () =>
          call.outcome === 'fail' ? reject(new WorkFailed()) : resolve(request.sequence),
        );
      });
    };
    this.#limiter.run(request.limit, work, options).then(
      (value) => this.#note(value === request.sequence, request, 'gave what another worked'),
      (error: unknown) => {
        if (!worked) this.#refused(request, error);
        else
          this.#note(
            error instanceof WorkFailed,
            request,
            `failed with ${String(error)} after it was let in`,
          );
      },
    );
  }

  #note(isRight: boolean, request: ModelRequest, text: string): void {
    this.#activity += 1;
    if (!isRight) this.left.push(`request ${request.sequence} ${text}`);
  }

  #admitted(request: ModelRequest, grant: Grant, atOnce: boolean): void {
    this.#activity += 1;
    this.order.admitted(request, atOnce);
    const isRight =
      grant.id === request.limit &&
      grant.lane === request.lane &&
      grant.weight === request.charges.get(request.limit) &&
      grant.sentAtMs === this.#time.now();
    this.#note(isRight, request, `has a grant that says ${JSON.stringify(grant)}`);
  }

  #refused(request: ModelRequest, error: unknown): void {
    this.#activity += 1;
    this.#running -= 1;
    if (isLimitError(error)) this.order.refused(request, error.code);
    else this.left.push(`request ${request.sequence} failed with ${String(error)}`);
  }

  /** What a caller does with its leave. */
  #go(request: ModelRequest, call: CallPlan, grant: Grant, finish: () => void): void {
    const waitMs = prepareMs(this.#plan, call);
    const act = () => {
      this.#activity += 1;
      if (call.outcome === 'release') this.#release(request, grant, finish);
      else this.#send(request, call, grant, finish);
    };
    if (waitMs === 0) {
      act();
      return;
    }
    this.#time.setTimer(waitMs, () => {
      if (call.outcome !== 'release') {
        this.order.sent(request);
        grant.sent();
      }
      act();
    });
  }

  #release(request: ModelRequest, grant: Grant, finish: () => void): void {
    this.order.released(request);
    this.#running -= 1;
    grant.release();
    finish();
  }

  #send(request: ModelRequest, call: CallPlan, grant: Grant, finish: () => void): void {
    const sentAtMs = this.#time.now();
    const { generation } = this.server;
    const { baseMs, jitterMs } = this.#plan;
    const journeyMs = baseMs + Math.round((jitterMs * call.jitterPercent) / 100);
    this.#time.setTimer(journeyMs, () => {
      this.server.arrive({ charges: request.charges, sentAtMs, atMs: this.#time.now(), generation });
      this.#time.setTimer(call.replyMs, () => this.#reply(request, call, grant, finish));
    });
  }

  #reply(request: ModelRequest, call: CallPlan, grant: Grant, finish: () => void): void {
    this.#activity += 1;
    this.#running -= 1;
    if (call.isReplyTold && call.outcome === 'send') {
      this.#noteLate(request, grant);
      this.order.replied(request);
      grant.replied();
    }
    this.server.done(request.charges);
    this.order.done(request);
    finish();
  }

  #noteLate(request: ModelRequest, grant: Grant): void {
    const isTimed = this.#plan.definitions.some(
      ({ id, windows = [] }) =>
        request.charges.has(id) &&
        // A bucket has no window that a request could miss.
        windows.some(({ windowMs, policy }) => windowMs !== undefined && policy !== 'token-bucket'),
    );
    if (!isTimed || this.#time.now() - grant.sentAtMs <= this.#plan.allowanceMs) return;
    this.lateWeight.set(request.limit, (this.lateWeight.get(request.limit) ?? 0) + grant.weight);
  }

  #compareUsage(): void {
    const usage = this.#limiter.usage();
    this.order.problems.push(...usageProblems(this.order, usage, this.lateWeight));
  }
}
