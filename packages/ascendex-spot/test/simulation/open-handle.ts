import type { MarketHandle, StreamName } from '@venuekit/connector-core';
import type { Arrival } from '../models/wire-log.ts';

/** A handle that is open, and what is known of its use. */
export interface OpenHandle {
  readonly handle: MarketHandle;
  /** Streams that the venue had confirmed when it was opened. */
  readonly streams: readonly StreamName[];
  /** The newest frame at that moment. */
  readonly openedAt: Arrival;
  /** Somebody asked for its book, so that it is subscribed. */
  usesBook: boolean;
  /** Somebody hears its ticker. */
  usesTicker: boolean;
}
