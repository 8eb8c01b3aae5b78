/**
 * A WebSocket session that keeps itself alive and its subscriptions confirmed, and several that share the symbols of a venue.
 *
 * @packageDocumentation
 */
export type { BackoffOptions } from './backoff.ts';
export type { KeepAliveOptions } from './keep-alive.ts';
export type { StreamControl, StreamDialect, Topic } from './stream-dialect.ts';
export type { StreamLimits } from './stream-limits.ts';
export type { StreamSessionOptions, StreamState, StreamStateChange } from './stream-options.ts';
export { createStreamSession, type StreamSession } from './stream-session.ts';
export { createStreamShards, type StreamShards, type StreamShardsOptions } from './stream-shards.ts';
export type { Subscription, SubscriptionOptions, TopicObserver } from './subscriptions.ts';
