import type { BookImage } from '../market/market.ts';
import type { RecordedReceived } from '../recording/recorded-session.ts';
import type { TimelineFrame } from './timeline.ts';

/** What a recorded session, or one connection of it, holds; found by going through it once. */
export interface SessionContents {
  /** The first recorded book of every symbol that has one. */
  readonly firstBooks: ReadonlyMap<string, RecordedBook>;
  /** `channel:symbol` of every recorded confirmation. */
  readonly confirmed: ReadonlySet<string>;
  /** Channels that were subscribed or published. */
  readonly channels: ReadonlySet<string>;
  /** Symbols of any frame. */
  readonly symbols: ReadonlySet<string>;
  /** Depth frames that are never given out. */
  readonly removed: ReadonlySet<RecordedReceived>;
  /** The last depth frame of every symbol that is given out. */
  readonly lastDepth: ReadonlyMap<string, RecordedReceived>;
  /** The first frame of every `depth` and `trades` topic: its confirmation, where that was recorded. */
  readonly openings: ReadonlyMap<RecordedReceived, string>;
}

/** A recorded answer with a whole book. */
export interface RecordedBook {
  readonly book: BookImage;
  readonly frame: RecordedReceived;
}

/** Chooses depth messages that nobody is to get. */
export type DepthFilter = (symbol: string, seqnum: bigint) => boolean;

/** Goes through the frames of a session or of a connection. */
export function findContents(frames: readonly TimelineFrame[], isRemoved: DepthFilter): SessionContents {
  const firstBooks = new Map<string, RecordedBook>();
  const confirmed = new Set<string>();
  const channels = new Set<string>();
  const symbols = new Set<string>();
  const removed = new Set<RecordedReceived>();
  const lastDepth = new Map<string, RecordedReceived>();
  const topics = new Map<string, RecordedReceived>();
  for (const { frame } of frames) {
    const { message } = frame;
    if (message.kind === 'ping' || message.kind === 'session') continue;
    const { symbol } = message;
    symbols.add(symbol);
    if (message.kind === 'snapshot') {
      if (!firstBooks.has(symbol)) firstBooks.set(symbol, { book: message.book, frame });
      continue;
    }
    const channel = 'channel' in message ? message.channel : message.kind;
    const topic = `${channel}:${symbol}`;
    channels.add(channel);
    if ((channel === 'depth' || channel === 'trades') && !topics.has(topic)) topics.set(topic, frame);
    if (message.kind === 'subscribed') confirmed.add(topic);
    if (message.kind !== 'depth') continue;
    if (isRemoved(symbol, message.change.seqnum)) removed.add(frame);
    else lastDepth.set(symbol, frame);
  }
  const openings = new Map([...topics].map(([topic, frame]) => [frame, topic]));
  return { firstBooks, confirmed, channels, symbols, removed, lastDepth, openings };
}
