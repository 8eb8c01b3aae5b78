import { VenueError } from '@venuekit/connector-core';
import type { RecordedReceived, RecordedSession } from '../recording/recorded-session.ts';
import { toNanoseconds } from '../recording/recorded-time.ts';

/** A received frame at its place of the recorded clock. */
export interface TimelineFrame {
  /** Milliseconds since the zero of the recorded clock. */
  readonly offsetMs: number;
  readonly frame: RecordedReceived;
}

/**
 * Received frames by the recorded clock, whose zero is the first depth subscription that the recorded client sent.
 * @throws VenueError `invalid-options` if the session has no such subscription, or no received frame.
 */
export function createTimeline(session: RecordedSession): readonly TimelineFrame[] {
  const zero = zeroOf(session);
  const frames = session.items.flatMap((item) =>
    item.kind === 'received' ? [{ offsetMs: offsetOf(item.time, zero), frame: item }] : [],
  );
  if (frames.length === 0)
    throw unplayable(session, 'expected received frames, which are what is played, got none');
  return frames;
}

/** Says why a session cannot be played. */
export function unplayable(session: RecordedSession, why: string): VenueError {
  return new VenueError({
    code: 'invalid-options',
    operation: 'replay',
    message: `${session.fileName}: ${why}`,
  });
}

function zeroOf(session: RecordedSession): bigint {
  for (const item of session.items) {
    if (item.kind !== 'sent' || item.command.channel !== 'depth') continue;
    return toNanoseconds(item.time) ?? 0n;
  }
  throw unplayable(session, 'expected a sent depth subscription, which starts the recorded clock, got none');
}

/** Exact to the nanosecond up to a hundred days: the difference is taken before it becomes a float. */
function offsetOf(time: string, zero: bigint): number {
  return Number((toNanoseconds(time) ?? zero) - zero) / 1_000_000;
}
