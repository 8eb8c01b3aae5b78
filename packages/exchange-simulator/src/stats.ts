import type { FaultKind } from './faults/fault.ts';

/** What happened so far. A copy: it does not change afterwards. */
export interface SimulatorStats {
  readonly connections: {
    /** Streams that are open now. */
    readonly open: number;
    /** Streams that were ever opened. */
    readonly total: number;
    /** Streams that faults turned away. */
    readonly refused: number;
    /** Streams that were cut because their clients did not read. */
    readonly cut: number;
  };
  readonly frames: {
    /** Frames given to the streams. */
    readonly sent: number;
    /** Frames lost to the faults `silence` and `mute`. */
    readonly withheld: number;
    /** Frames that clients sent. */
    readonly received: number;
  };
  readonly requests: {
    /** `sub` messages by channel. */
    readonly subscribe: Readonly<Record<string, number>>;
    /** `unsub` messages by channel. */
    readonly unsubscribe: Readonly<Record<string, number>>;
    /** `req` messages by action, in lower case. */
    readonly action: Readonly<Record<string, number>>;
    /** REST requests by path. */
    readonly rest: Readonly<Record<string, number>>;
  };
  /**
   * How often each fault took effect. Those of messages, requests, subscriptions and new streams count each time that they strike one;
   * those of depth messages and `epoch` once per symbol; books that are lost or old each time that one is asked for; the others when they
   * begin. What could not be done does not count.
   */
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** Depth frames by symbol. */
  readonly depth: Readonly<Record<string, DepthCount>>;
  /** What the dialect threw: its streams are cut, its requests answered with 500, and everybody else goes on. */
  readonly dialect: {
    readonly failures: number;
    /** The newest, as text. */
    readonly newest: string | undefined;
  };
}

/** Depth frames of one symbol. */
export interface DepthCount {
  /** Given out, to however many clients; one sent twice counts twice. */
  readonly emitted: number;
  /** Kept from everybody, by the faults `gap` and `mute` or by the market. */
  readonly leftOut: number;
}

/** Counters behind {@link SimulatorStats}. */
export interface Counters {
  open: number;
  total: number;
  refused: number;
  cut: number;
  sent: number;
  withheld: number;
  received: number;
  readonly subscribe: Map<string, number>;
  readonly unsubscribe: Map<string, number>;
  readonly action: Map<string, number>;
  readonly rest: Map<string, number>;
  readonly emitted: Map<string, number>;
  readonly leftOut: Map<string, number>;
  failures: number;
  newestFailure: string | undefined;
}

/** Counters at zero. */
export function createCounters(): Counters {
  return {
    open: 0,
    total: 0,
    refused: 0,
    cut: 0,
    sent: 0,
    withheld: 0,
    received: 0,
    subscribe: new Map(),
    unsubscribe: new Map(),
    action: new Map(),
    rest: new Map(),
    emitted: new Map(),
    leftOut: new Map(),
    failures: 0,
    newestFailure: undefined,
  };
}

/** Names that a client chose are counted up to this many; the rest is counted together. */
const mostNames = 200;

/** Adds one to the count of `name`. */
export function count(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < mostNames ? name : 'other';
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Counts something that the dialect threw. */
export function countFailure(counters: Counters, error: unknown): void {
  counters.failures += 1;
  counters.newestFailure = String(error);
}

/** The state of the counters now. */
export function readStats(counters: Counters, faults: Readonly<Record<FaultKind, number>>): SimulatorStats {
  const { open, total, refused, cut, sent, withheld, received, emitted, leftOut } = counters;
  const symbols = new Set([...emitted.keys(), ...leftOut.keys()]);
  const depth = [...symbols].map((symbol): [string, DepthCount] => [
    symbol,
    { emitted: emitted.get(symbol) ?? 0, leftOut: leftOut.get(symbol) ?? 0 },
  ]);
  return {
    connections: { open, total, refused, cut },
    frames: { sent, withheld, received },
    requests: {
      subscribe: Object.fromEntries(counters.subscribe),
      unsubscribe: Object.fromEntries(counters.unsubscribe),
      action: Object.fromEntries(counters.action),
      rest: Object.fromEntries(counters.rest),
    },
    faults: { ...faults },
    depth: Object.fromEntries(depth),
    dialect: { failures: counters.failures, newest: counters.newestFailure },
  };
}
