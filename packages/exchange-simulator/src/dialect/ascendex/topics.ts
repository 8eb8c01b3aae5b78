import { intervalOf } from './bar-calendar.ts';

/** What a `ch` asks for. */
export interface TopicRequest {
  /** Channel without symbols, for example `depth` or `bar:1`. */
  readonly channel: string;
  /** Symbols, each once; empty if there are none or all are meant. */
  readonly symbols: readonly string[];
}

/** Channels of public data, by their first word. `summary` is taken and stays silent: nobody says what it holds. */
const publicChannels: ReadonlySet<string> = new Set(['depth', 'trades', 'bbo', 'bar', 'summary']);
/** Channels that need a login. */
const privateChannels: ReadonlySet<string> = new Set(['order', 'depth-realtime']);

/** Whether a channel is public, private, or not there at all. */
export function channelKind(channel: string): 'public' | 'private' | 'unknown' {
  const [word = ''] = channel.split(':');
  if (publicChannels.has(word)) return 'public';
  return privateChannels.has(word) ? 'private' : 'unknown';
}

/** True for a channel as a subscription names it: one word, and for bars a length that the venue knows. */
export function isWholeChannel(channel: string): boolean {
  const [word = '', ...rest] = channel.split(':');
  if (word !== 'bar') return rest.length === 0;
  return rest.length === 1 && intervalOf(rest[0] ?? '') !== undefined;
}

/** Takes the `ch` of a subscription apart: everything before the last colon is the channel. */
export function parseTopics(text: string): TopicRequest {
  const split = text.lastIndexOf(':');
  if (split < 0) return { channel: text, symbols: [] };
  const names = text.slice(split + 1).split(',');
  const symbols = new Set(names.map((name) => name.trim()).filter((name) => name !== ''));
  return { channel: text.slice(0, split), symbols: [...symbols] };
}

/**
 * Tells which topics an `unsub` ends. `depth`, `depth:*`, `bar`, `bar:1`, `bar:1:*` and `bar:*:BTC/USDT` are understood besides
 * lists of symbols: a missing or starred part stands for every value.
 */
export function matchesTopic(pattern: string, topic: string): boolean {
  const wanted = pattern.split(':');
  const parts = topic.split(':');
  if (wanted.length > parts.length) return false;
  return wanted.every((part, index) => {
    const value = parts[index] ?? '';
    return part === '*' || part.split(',').includes(value);
  });
}
