import type { VenueError, VenueErrorCode } from '@venuekit/connector-core';
import type { Topic } from './stream-dialect.ts';
import type { TopicObserver } from './subscriptions.ts';

/** `leaving` is a topic that was confirmed and is to be left, so that it can be asked for again. */
export type Phase = 'waiting' | 'asked' | 'confirmed' | 'leaving';

/** A topic that is wanted, and how far it has come on this connection. */
export interface Entry {
  readonly topic: Topic;
  readonly observer: TopicObserver;
  phase: Phase;
  /** The venue may be sending it: it was asked for on this connection, by this entry or by one before it. */
  isAtVenue: boolean;
  /** It was taken up again before it was left: the venue goes on sending it, also if it is refused now. */
  isInherited: boolean;
  /** Times asked on this connection. */
  tries: number;
  /** Ask in a message of its own: a message with others was refused as a whole. */
  alone: boolean;
  /** Confirmed before, on this connection or an earlier one. */
  proven: boolean;
  /** Local time of the newest confirmation, in milliseconds since the epoch. */
  confirmedAtMs: number;
}

/** A subscribe message that waits for its answers. */
export interface Batch {
  readonly entries: Set<Entry>;
  /** Symbols that were asked for. */
  readonly size: number;
  readonly deadline: Disposable;
}

/** What goes out next. */
export type NextMessage =
  | { readonly leaving: true; readonly items: readonly { readonly topic: Topic }[] }
  | { readonly leaving: false; readonly items: readonly Entry[] };

/** A topic as a key: no two have the same. */
export function keyOf({ channel, symbol }: Topic): string {
  return `${channel}:${symbol}`;
}

/** A topic that nobody has asked for. @param isAtVenue it was asked for by another, and has not been left. */
export function newEntry(topic: Topic, observer: TopicObserver, isAtVenue: boolean): Entry {
  return {
    topic,
    observer,
    phase: 'waiting',
    isAtVenue,
    isInherited: isAtVenue,
    tries: 0,
    alone: false,
    proven: false,
    confirmedAtMs: 0,
  };
}

/** Refusals that say nothing of the topic itself: the venue is busy, or wants to hear less. */
const passing: ReadonlySet<VenueErrorCode> = new Set([
  'rate-limited',
  'venue-unavailable',
  'transport',
  'timeout',
]);

/** True for a refusal that another time may not bring. */
export function isPassing({ code }: VenueError): boolean {
  return passing.has(code);
}
