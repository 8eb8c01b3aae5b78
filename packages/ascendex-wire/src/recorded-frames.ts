type Fields = Readonly<Record<string, unknown>>;

const publicChannels: ReadonlySet<unknown> = new Set([
  ...['depth', 'depth-realtime', 'trades', 'bbo', 'bar', 'summary', 'ref-px'],
]);
const publicActions: ReadonlySet<unknown> = new Set([
  ...['depth-snapshot', 'depth-snapshot-top100', 'depth-snapshot-realtime', 'market-trades'],
]);
/** Messages that are about no account, beside those that are named as their channels. */
const publicMessages: ReadonlySet<unknown> = new Set([
  ...['connected', 'disconnected', 'ping', 'pong'],
  ...publicChannels,
  ...publicActions,
]);
const acknowledgements: ReadonlySet<unknown> = new Set(['sub', 'unsub']);
const numbered: ReadonlySet<unknown> = new Set(['sub', 'unsub', 'error']);

/** So many requests are remembered for the errors that answer them. */
const mostIds = 1_000;

/** Says of a frame whether it may be in a recording of public data. */
export type AscendexFrameFilter = (direction: 'sent' | 'received', text: string) => boolean;

/**
 * Makes the filter of one recording: true for a frame that is about market data or the session itself, and for an error that answers
 * such a request. What it does not know, and whatever is about accounts and orders, is false. Logins are false.
 */
export function createAscendexFrameFilter(): AscendexFrameFilter {
  const ids = new Set<string>();
  const remember = (id: unknown): void => {
    if (typeof id !== 'string') return;
    ids.add(id);
    for (const oldest of ids) {
      if (ids.size <= mostIds) break;
      ids.delete(oldest);
    }
  };
  return (direction, text) => {
    const fields = readFields(text);
    if (fields === undefined) return false;
    if (direction === 'received')
      return isPublicMessage(fields) || (fields.m === 'error' && ids.has(String(fields.id)));
    const isPublic = isPublicRequest(fields);
    if (isPublic) remember(fields.id);
    return isPublic;
  };
}

function isPublicRequest({ op, ch, action }: Fields): boolean {
  if (op === 'sub' || op === 'unsub') return isPublicTopic(ch);
  return op === 'req' ? publicActions.has(action) : op === 'ping' || op === 'pong';
}

function isPublicMessage({ m, ch }: Fields): boolean {
  return acknowledgements.has(m) ? isPublicTopic(ch) : publicMessages.has(m);
}

/** True for `depth:BTC/USDT` and for a channel alone. */
function isPublicTopic(topic: unknown): boolean {
  return typeof topic === 'string' && publicChannels.has(topic.split(':')[0]);
}

/**
 * Takes the `id` out of an acknowledgement and of an error, as it is in recordings of clients that sent none: a replayed client, whose
 * ids are others, then goes by the name of the channel. Every other frame comes back as it is. Use it as `adapt` of a replay.
 */
export function withoutRequestId(frame: string): string {
  // Most frames are market data and have none: those are not even parsed.
  if (!frame.includes('"id"')) return frame;
  const fields = readFields(frame);
  if (fields === undefined || !numbered.has(fields.m)) return frame;
  const { id: _, ...rest } = fields;
  return JSON.stringify(rest);
}

function readFields(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : undefined;
  } catch {
    return undefined;
  }
}
