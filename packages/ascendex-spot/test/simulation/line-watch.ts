import type { Runtime } from '@venuekit/connector-core';
import { DialLog } from '../models/dial-rhythm.ts';
import { RequestWindow } from '../models/request-window.ts';
import { SnapshotRetries } from '../models/snapshot-retries.ts';
import { TopicLog } from '../models/topic-log.ts';
import { tapLine } from './line-tap.ts';

/** What a watch at the line needs. */
export interface LineWatchOptions {
  /** Virtual milliseconds. */
  readonly now: () => number;
  /** How long the process was busy since a moment, in milliseconds. */
  readonly busySince: (atMs: number) => number;
  /** True if the client was live before and comes back by itself. */
  readonly isDown: () => boolean;
  readonly violate: (invariant: string, message: string) => void;
  readonly count: (name: string) => void;
}

interface SentMessage {
  readonly [field: string]: unknown;
  readonly op: string;
  readonly action?: string;
  readonly args?: { readonly symbol: string };
}

/** What the client allows itself in a minute: three quarters of what the venue allows. */
const minuteMs = 60_000;
const [mostStreamOps, mostSnapshots] = [112, 300];
/** Requests: five a second after a burst of ten. */
const [mostRequests, requestWindowMs] = [20, 2_000];
/** How much longer than its window a message counts: it may be on its way. */
const allowanceMs = 1_000;

const snapshot = /^\{"m":"depth-snapshot","symbol":"([^"]+)"/;
const answer = /^\{"m":"(?:sub|error)"/;
const data = /^\{"m":"(?:depth|depth-snapshot|trades|bbo)",.*\}$/s;

/**
 * The line of one life of a process, which all connectors of it share: I7 the budgets that the client promises are kept in every
 * window, `backoff` it waits before it dials again as long as it says, and asks nothing while the venue wants to hear nothing.
 */
export class LineWatch {
  readonly dials: DialLog = new DialLog();
  readonly topics: TopicLog = new TopicLog();
  readonly retries: SnapshotRetries = new SnapshotRetries();
  readonly #options: LineWatchOptions;
  readonly #streamOps = new RequestWindow(mostStreamOps, minuteMs);
  readonly #snapshots = new RequestWindow(mostSnapshots, minuteMs);
  readonly #requests = new RequestWindow(mostRequests, requestWindowMs);

  constructor(options: LineWatchOptions) {
    this.#options = options;
  }

  /** The runtime for a connector that is about to be made. */
  tap(runtime: Runtime): Runtime {
    this.dials.began();
    this.topics.began();
    return tapLine(runtime, {
      dialled: () => this.#dialled(),
      sent: (text) => this.#sent(text),
      frame: (text) => this.#frame(text),
      asked: () => this.#asked(),
      answered: (status) => this.dials.answered(this.#options.now(), status),
      ended: (status) => this.dials.lost(this.#options.now(), status),
    });
  }

  #dialled(): void {
    const { busySince, count, isDown, now, violate } = this.#options;
    const problem = this.dials.dial(now(), isDown(), busySince);
    if (problem !== undefined) violate(problem.invariant, problem.message);
    this.topics.dialled();
    this.retries.dialled();
    count('dial');
  }

  #asked(): void {
    const { now, violate } = this.#options;
    const closedMs = this.dials.closedForMs(now());
    if (closedMs > 0) violate('backoff', `expected no request for ${closedMs} ms after a refusal, got one`);
    const found = this.#requests.take(now());
    if (found !== undefined)
      violate('I7', `expected at most ${mostRequests} requests in ${requestWindowMs} ms, got ${found}`);
  }

  #sent(text: string): void {
    const message = JSON.parse(text) as SentMessage;
    const nowMs = this.#options.now();
    if (message.op === 'sub' || message.op === 'unsub') this.#hold('stream', this.#streamOps, mostStreamOps);
    else if (message.action === 'depth-snapshot') this.#hold('snapshot', this.#snapshots, mostSnapshots);
    else return;
    this.topics.sent(message, nowMs);
    if (message.args !== undefined) this.retries.asked(toPair(message.args.symbol), nowMs);
  }

  #hold(kind: string, window: RequestWindow, most: number): void {
    const { count, now, violate } = this.#options;
    const found = window.take(now());
    if (found !== undefined)
      violate('I7', `expected at most ${most} ${kind} requests in ${minuteMs} ms, got ${found}`);
    if (window.isFull(now())) count(`budget of ${kind} requests used up`);
  }

  #frame(text: string): void {
    const nowMs = this.#options.now();
    if (text.startsWith('{"m":"connected"')) this.dials.greeted(nowMs);
    else if (data.test(text)) this.dials.gotData();
    else if (answer.test(text)) this.#answered(text, nowMs);
    const [, symbol] = snapshot.exec(text) ?? [];
    if (symbol !== undefined) this.retries.answered(toPair(symbol), nowMs);
  }

  /** Books for which a snapshot is not asked for again in time; none while the budget has no room for it. */
  overdueSnapshots(): readonly string[] {
    const { busySince, now } = this.#options;
    if (this.#snapshots.isFull(now(), allowanceMs)) this.retries.postpone(now());
    return this.retries.overdue(now(), busySince);
  }

  /** True if the budget of stream requests has no room now. */
  get isWaitingForRoom(): boolean {
    return this.#streamOps.isFull(this.#options.now(), allowanceMs);
  }

  /** One that something on the way broke says nothing. */
  #answered(text: string, nowMs: number): void {
    try {
      this.topics.answered(
        JSON.parse(text) as Readonly<Record<string, unknown>>,
        nowMs,
        this.#options.busySince,
      );
    } catch {}
  }
}

function toPair(symbol: string): string {
  return symbol.replace('/', '-');
}
