import {
  createVenueLimiter,
  type LimitDefinition,
  type LimitWindow,
  type LocalRateLimiter,
} from '../src/limits/index.ts';
import type { StreamSessionOptions } from '../src/stream/stream-options.ts';
import { createStreamSession, type StreamSession } from '../src/stream/stream-session.ts';
import type { Subscription } from '../src/stream/subscriptions.ts';
import {
  createManualRuntime,
  type ManualRuntime,
  type ManualSocket,
  settle,
} from '../src/testing/manual-runtime.ts';
import { type Message, manualDialect, watchTopic } from './manual-stream.ts';

/** A window of a minute. */
export const minute = (capacity: number): LimitWindow[] => [{ capacity, windowMs: 60_000 }];

/** What a limiter of a test may be made with. */
export interface LimiterNumbers {
  readonly maxWaiting?: number;
  readonly pingAfterMs?: number;
  readonly allowanceMs?: number;
}

/** Sessions whose venue is the test. */
export interface LimitedSessions {
  readonly runtime: ManualRuntime;
  readonly definitions: readonly LimitDefinition[];
  readonly limiter: LocalRateLimiter<string>;
  /** Another session on the same limiter. */
  make(changes?: Partial<StreamSessionOptions<Message>>): StreamSession;
  /** The newest socket, or the one at `at`. */
  socket(at?: number): ManualSocket;
  /** The venue opens the newest socket, or `to`, and greets. */
  hello(to?: ManualSocket): void;
  /** Connects and greets. */
  goLive(session?: StreamSession): Promise<StreamSession>;
  /** What is used of a limit. */
  used(id: string): number | undefined;
  /** Subscribes to symbols, without looking what comes of it. */
  want(session: StreamSession, ...symbols: string[]): Subscription[];
}

/** Sessions of one process on one limiter, whose venue is the test. */
export function createLimitedSessions(
  changes: { [id: string]: Partial<LimitDefinition> } = {},
  { maxWaiting = 100, pingAfterMs = 10_000_000, allowanceMs = 0 }: LimiterNumbers = {},
): LimitedSessions {
  const runtime = createManualRuntime();
  const usual: LimitDefinition[] = [
    { id: 'connects', scope: 'ip', windows: [{ capacity: 20, windowMs: 300_000 }] },
    { id: 'sessions', scope: 'ip', windows: [{ capacity: 20, policy: 'concurrent' }] },
    { id: 'dial', scope: 'ip', links: [{ id: 'connects' }, { id: 'sessions' }] },
    { id: 'subscribe', scope: 'session', windows: minute(100) },
    { id: 'ping', scope: 'session', windows: minute(100) },
    { id: 'login', scope: 'session', windows: minute(100) },
  ];
  const definitions = usual.map((limit) => ({ ...limit, ...changes[limit.id] }));
  const limiter = createVenueLimiter({
    ...{ runtime, venue: 'v', allowanceMs, maxWaiting },
    limits: definitions,
  });
  const make = (options: Partial<StreamSessionOptions<Message>> = {}): StreamSession =>
    createStreamSession({
      ...{ runtime, venue: 'v', url: 'ws://venue.test/', dialect: manualDialect },
      limits: { limiter, dial: 'dial', subscribe: 'subscribe', ping: 'ping', scope: 'ip' },
      subscriptions: { batchSize: 2, ackDeadlineMs: 1_000_000 },
      keepAlive: { pingAfterMs, deadlineMs: 5_000 },
      ...{ onMessage() {}, onState() {}, onRefusedFrame() {} },
      ...options,
    });
  const socket = (at = -1) => runtime.sockets.at(at) as ManualSocket;
  const hello = (to = socket()) => {
    to.handlers.opened();
    to.handlers.message(Buffer.from('{"m":"hello"}'));
  };
  const goLive = async (session = make()) => {
    const connecting = session.connect();
    await settle();
    hello();
    await connecting;
    return session;
  };
  const used = (id: string) => limiter.usage().limits.find((limit) => limit.id === id)?.windows[0]?.used;
  const want = (session: StreamSession, ...symbols: string[]) =>
    symbols.map((symbol) => session.subscribe({ channel: 'x', symbol }, watchTopic().observer));
  return { runtime, definitions, limiter, make, socket, hello, goLive, used, want };
}
