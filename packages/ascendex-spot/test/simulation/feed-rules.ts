import type { BookEvent, ConnectorEvent, TickerEvent, TradeEvent } from '@venuekit/connector-core';
import type { AscendexSpot } from '../../src/index.ts';
import type { GapBounds, Manner } from '../models/gap-bounds.ts';
import type { TopicLog } from '../models/topic-log.ts';
import type { WireFrame, WireLog } from '../models/wire-log.ts';
import type { Judge } from './judge.ts';
import type { OpenHandle } from './open-handle.ts';

/** What feeds are judged with. */
export interface FeedContext {
  readonly judge: Judge;
  readonly wire: WireLog;
  readonly line: { readonly topics: TopicLog };
  readonly connector: AscendexSpot;
  /** Local time of the process. */
  readonly localNow: () => number;
  /** Adds a line to the trace of the process. */
  readonly record: (kind: string, text: string) => void;
  /** Handles that are open. */
  readonly handles: () => readonly OpenHandle[];
  /** Until when the book of a pair was good. */
  readonly bookBounds: (pair: string) => GapBounds;
}

/** Any event of any feed. */
export type AnyEvent = BookEvent | TradeEvent | TickerEvent | ConnectorEvent;

/** The rules of one consumer of a feed. */
export interface FeedRules {
  /** Judges one event. */
  take(event: AnyEvent, manner: Manner): void;
  /** A frame of the connection in use arrived, and is about to be handled. */
  arriving(frame: WireFrame): void;
  /** It was handled. */
  arrived(frame: WireFrame): void;
  /** Everything that has happened so far must have been told. */
  settle(): void;
  /** True if it was told what it needs on this connection. */
  isFresh(connection: number): boolean;
}

/** Whoever is told of the end of a connection hears nothing of it any more. */
export function expectLive(pair: string, what: string, { state }: AscendexSpot, { violate }: Judge): void {
  if (state !== 'live')
    violate('I14', `epoch: ${pair}: expected no ${what} while the connection is ${state}, got one`);
}
