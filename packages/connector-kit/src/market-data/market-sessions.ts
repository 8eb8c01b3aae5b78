import type { Topic } from '../stream/stream-dialect.ts';
import type { StreamSession } from '../stream/stream-session.ts';
import type { Subscription, TopicObserver } from '../stream/subscriptions.ts';

/** The connections that streams come on: several, as `createStreamShards` makes them, or one. */
export interface MarketSessions {
  /** Wants a topic from now on, on every connection to come. */
  subscribe(topic: Topic, observer: TopicObserver): Subscription;
  /** Ends the connection that has a symbol, which is of no more use, and dials again. */
  reconnect(symbol: string, reason: string): void;
  /** Rises with every dial of the connection that has a symbol. */
  epoch(symbol: string): number;
}

/** One session that has all symbols. */
export function singleSession(session: StreamSession): MarketSessions {
  return {
    subscribe: (topic, observer) => session.subscribe(topic, observer),
    reconnect: (_symbol, reason) => session.reconnect(reason),
    epoch: () => session.epoch,
  };
}
