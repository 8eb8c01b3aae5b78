import { VenueError } from '@venuekit/connector-core';
import type {
  ConnectionEnd,
  RecordedEnd,
  RecordedItem,
  RecordedReceived,
  RecordedSession,
} from '../recording/recorded-session.ts';
import { toNanoseconds } from '../recording/recorded-time.ts';

/** A received frame at its place of the recorded clock. */
export interface TimelineFrame {
  /** Milliseconds since the zero of the recorded clock. */
  readonly offsetMs: number;
  readonly frame: RecordedReceived;
  /** True if it goes to everybody: a ping, or what the venue said before a marked end. */
  readonly toAll: boolean;
}

/** The end of a connection at its place of the recorded clock. */
export interface TimelineEnd {
  /** Milliseconds since the zero of the recorded clock. */
  readonly offsetMs: number;
  readonly end: ConnectionEnd;
}

/** What has a place of the recorded clock. */
export type TimelineEntry = TimelineFrame | TimelineEnd;

/** What is played on one connection of the recorded client. */
export interface TimelineConnection {
  /** Where the recorded clock goes on when a client has subscribed, in milliseconds; 0 on the first connection. */
  readonly startMs: number;
  /** True if it goes on with a depth subscription, as on the first connection; else any subscription will do. */
  readonly startsWithDepth: boolean;
  readonly frames: readonly TimelineFrame[];
  /** `undefined` if the recording ends first. */
  readonly end: TimelineEnd | undefined;
}

/** A part of a session. */
interface Part {
  readonly items: RecordedItem[];
  readonly end: RecordedEnd | undefined;
}

/**
 * The connections of a session by the recorded clock, whose zero is the first depth subscription that the recorded client sent.
 * Connections before that one, and those without a subscription, are left out. A session without a marked end is one connection.
 * @throws VenueError `invalid-options` if the session has no such subscription, or no received frame.
 */
export function createTimeline(session: RecordedSession): readonly TimelineConnection[] {
  const parts = partsOf(session);
  const first = parts.findIndex(({ items }) => firstSubscription(items, 'depth') !== undefined);
  const zero = first < 0 ? undefined : firstSubscription(parts[first]?.items ?? [], 'depth');
  if (zero === undefined)
    throw unplayable(
      session,
      'expected a sent depth subscription, which starts the recorded clock, got none',
    );
  const connections = parts
    .slice(first)
    .filter(({ items }) => firstSubscription(items) !== undefined)
    .map((part) => connectionOf(part, zero));
  if (connections.every(({ frames }) => frames.length === 0))
    throw unplayable(session, 'expected received frames, which are what is played, got none');
  return connections;
}

/** Says why a session cannot be played. */
export function unplayable(session: RecordedSession, why: string): VenueError {
  return new VenueError({
    code: 'invalid-options',
    operation: 'replay',
    message: `${session.fileName}: ${why}`,
  });
}

/** Everything up to each end, and what follows the last one. */
function partsOf(session: RecordedSession): readonly Part[] {
  const parts: Part[] = [];
  let items: RecordedItem[] = [];
  for (const item of session.items) {
    if (item.kind !== 'end') items.push(item);
    else {
      parts.push({ items, end: item });
      items = [];
    }
  }
  return [...parts, { items, end: undefined }];
}

function connectionOf({ items, end }: Part, zero: bigint): TimelineConnection {
  const depth = firstSubscription(items, 'depth');
  return {
    startMs: offsetFrom(zero, depth ?? firstSubscription(items) ?? zero),
    startsWithDepth: depth !== undefined,
    frames: items.flatMap((item) =>
      item.kind === 'received'
        ? [{ offsetMs: offsetFrom(zero, timeOf(item)), frame: item, toAll: isToAll(item, end) }]
        : [],
    ),
    end: end && { offsetMs: offsetFrom(zero, timeOf(end)), end: end.end },
  };
}

function isToAll({ message }: RecordedReceived, end: RecordedEnd | undefined): boolean {
  if (message.kind === 'session') return message.name === 'disconnected' && end !== undefined;
  return message.kind === 'ping';
}

/** When the first subscription was sent, in nanoseconds; of a channel, if one is named. */
function firstSubscription(items: readonly RecordedItem[], channel?: string): bigint | undefined {
  for (const item of items) {
    if (item.kind !== 'sent' || item.command.channel === undefined) continue;
    if (channel === undefined || item.command.channel === channel) return timeOf(item);
  }
  return undefined;
}

/** Nanoseconds since the epoch. */
function timeOf(item: RecordedItem): bigint {
  return toNanoseconds(item.time) ?? 0n;
}

/** Milliseconds, exact to the nanosecond up to a hundred days: the difference is taken before it becomes a float. */
function offsetFrom(zero: bigint, nanoseconds: bigint): number {
  return Number(nanoseconds - zero) / 1_000_000;
}
