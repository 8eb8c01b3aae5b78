import type { Runtime } from '@venuekit/connector-core';
import { createVenueLimiter, type RateLimiter } from '../src/limits/index.ts';
import type { BackoffOptions } from '../src/stream/backoff.ts';
import { createStreamSession, type StreamSession } from '../src/stream/stream-session.ts';
import { manualDialect } from './manual-stream.ts';

/** What a venue allows an address: dials in five minutes, sessions at one time, subscriptions in a minute. */
export const allowed = { dials: 45, sessions: 20, messages: 150 } as const;

/** How many sessions there are, and what each of them wants. */
export const clientCount = 10;
const topicCount = 30;

/** Ten sessions of one process on one limiter. */
export interface StormClients {
  readonly limiter: RateLimiter;
  readonly sessions: readonly StreamSession[];
  /** True if all are live, and everything that they want is confirmed. */
  readonly complete: boolean;
  close(): Promise<unknown>;
}

/** Makes them, not connected yet. */
export function makeStormClients(runtime: Runtime, url: string, backoff?: BackoffOptions): StormClients {
  const limiter = createVenueLimiter({
    ...{ runtime, venue: 'v', allowanceMs: 1_000 },
    limits: [
      { id: 'connects', scope: 'ip', windows: [{ capacity: allowed.dials, windowMs: 300_000 }] },
      { id: 'sessions', scope: 'ip', windows: [{ capacity: allowed.sessions, policy: 'concurrent' }] },
      { id: 'dial', scope: 'ip', links: [{ id: 'connects' }, { id: 'sessions' }] },
      { id: 'subscribe', windows: [{ capacity: allowed.messages, windowMs: 60_000 }] },
    ],
  });
  const subscriptions: { readonly confirmed: boolean }[] = [];
  const make = (): StreamSession => {
    const session = createStreamSession({
      ...{ runtime, venue: 'v', url, dialect: manualDialect },
      limits: { limiter, dial: 'dial', subscribe: 'subscribe', scope: 'ip' },
      subscriptions: { batchSize: 2, ackDeadlineMs: 5_000 },
      ...(backoff === undefined ? {} : { backoff }),
      ...{ onMessage() {}, onState() {}, onRefusedFrame() {} },
    });
    const observer = { confirmed() {}, lost() {}, refused() {} };
    for (let at = 0; at < topicCount; at += 1)
      subscriptions.push(session.subscribe({ channel: 'depth', symbol: `S${at}` }, observer));
    return session;
  };
  const sessions = Array.from({ length: clientCount }, make);
  return {
    limiter,
    sessions,
    get complete() {
      return sessions.every(({ state }) => state === 'live') && subscriptions.every((one) => one.confirmed);
    },
    close: () => Promise.all(sessions.map((session) => session.close())),
  };
}
