import type { Clock } from '@venuekit/connector-core';
import type { RecordedReceived } from '../recording/recorded-session.ts';

/**
 * Lets clients that subscribe in several messages finish before a replay at speed `max` runs past them: the opening frame of a topic
 * that nobody has subscribed to yet waits while subscriptions keep coming.
 */
export interface Gathering {
  /** The recorded clock has started. */
  start(): void;
  /** A client subscribed to `topic`. */
  add(topic: string): void;
  /** Real milliseconds for which a frame must be held back still; 0 if it may go out. */
  holdMs(frame: RecordedReceived): number;
}

/** Whoever has more to subscribe to does it within this time of real time. */
const pauseMs = 50;
/** The longest that a replay waits in all, in real milliseconds. */
const longestMs = 2_000;

/** Makes a gathering. `openings` are the frames that may wait, each with its topic. */
export function createGathering(openings: ReadonlyMap<RecordedReceived, string>, clock: Clock): Gathering {
  const wanted = new Set<string>();
  let endMs = 0;
  let quietMs = 0;
  return {
    start() {
      endMs = clock.monotonic() + longestMs;
    },
    add(topic) {
      wanted.add(topic);
      quietMs = clock.monotonic() + pauseMs;
    },
    holdMs(frame) {
      const topic = openings.get(frame);
      if (topic === undefined || wanted.has(topic)) return 0;
      return Math.max(0, Math.min(quietMs, endMs) - clock.monotonic());
    },
  };
}
