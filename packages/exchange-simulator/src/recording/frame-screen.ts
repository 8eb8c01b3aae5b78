import {
  decodeCommand,
  decodeMessage,
  jsonObject,
  type RecordedMessage,
  ShapeError,
} from './recorded-message.ts';

/** Whether a frame is written down: yes, or why not. */
export type ScreenedFrame = 'written' | 'private' | 'unreadable';

/** Decides what of one connection is written down. What it does not know to be public is private. */
export interface FrameScreen {
  /** Judges a frame that the client sent. */
  sent(text: string): ScreenedFrame;
  /** Judges a frame that the client is sent. */
  received(text: string): ScreenedFrame;
}

const publicOps: ReadonlySet<string> = new Set(['sub', 'unsub', 'req', 'ping', 'pong']);
const publicActions: ReadonlySet<string> = new Set([
  'depth-snapshot',
  'depth-snapshot-top100',
  'depth-snapshot-realtime',
  'market-trades',
]);
const publicChannels: ReadonlySet<string> = new Set([
  'depth',
  'depth-realtime',
  'trades',
  'bbo',
  'bar',
  'summary',
  'ref-px',
]);
/** Of the messages that say nothing about a subscription or a request. */
const publicMessages: ReadonlySet<string> = new Set([
  'connected',
  'disconnected',
  'pong',
  'market-trades',
  'summary',
  'ref-px',
  'depth-realtime',
  'depth-snapshot-realtime',
]);

/** Fields, headers and parameters that may hold a secret, or what was made with one. */
const credentialName =
  /^keys?$|api_?key|access_?key|^sig|^sign|secret|token|pass(?:phrase|word)|^(?:x-)?auth|cookie/i;

/** Nothing longer is written down: a recording is read as a whole. */
export const longestLine: number = 1 << 24;

/** As many names of messages are remembered, for the errors that answer them. */
const keptIds = 1_000;

/** True for the name of a field, a header or a parameter that may hold a secret. */
export function isCredentialName(name: string): boolean {
  return credentialName.test(name);
}

/**
 * Makes the screen of a connection on which nothing was said yet.
 * @param withPrivate lets accounts and orders through; logins and whatever holds credentials never are.
 */
export function createFrameScreen(withPrivate: boolean): FrameScreen {
  /** Names of messages that were written down. */
  const ids = new Set<unknown>();
  let keptBack = false;

  function sent(text: string): ScreenedFrame {
    const command = readable(text, decodeCommand);
    if (command === undefined) return 'unreadable';
    if (command.op.toLowerCase() === 'auth' || hasCredentials(text)) return 'private';
    const fields = jsonObject(text);
    if (!withPrivate && !isPublicCommand(command.op, fields)) return 'private';
    const { id } = fields;
    if (id !== undefined) remember(id);
    return 'written';
  }

  function remember(id: unknown): void {
    ids.delete(id);
    ids.add(id);
    if (ids.size > keptIds) for (const oldest of ids) return void ids.delete(oldest);
  }

  /** An error may tell of the message that it answers. */
  function isPublicError({ id }: Readonly<Record<string, unknown>>): boolean {
    return id === undefined ? !keptBack : ids.has(id);
  }

  function isPublic(message: RecordedMessage, text: string): boolean {
    if (message.kind === 'subscribed') return isPublicTopic(message.channel);
    if (message.kind !== 'session' || publicMessages.has(message.name)) return true;
    if (message.name === 'error') return isPublicError(jsonObject(text));
    return (message.name === 'sub' || message.name === 'unsub') && isPublicTopic(jsonObject(text).ch);
  }

  return {
    sent(text) {
      const judgement = sent(text);
      if (judgement !== 'written') keptBack = true;
      return judgement;
    },
    received(text) {
      const message = readable(text, decodeMessage);
      if (message === undefined) return 'unreadable';
      if (message.kind === 'session' && message.name !== 'error' && hasCredentials(text)) return 'private';
      return withPrivate || isPublic(message, text) ? 'written' : 'private';
    },
  };
}

function isPublicCommand(op: string, { ch, action }: Readonly<Record<string, unknown>>): boolean {
  if (op === 'sub' || op === 'unsub') return isPublicTopic(ch);
  if (op === 'req') return typeof action === 'string' && publicActions.has(action.toLowerCase());
  return publicOps.has(op);
}

/** True for `depth:BTC/USDT`, and for a channel alone. */
function isPublicTopic(topic: unknown): boolean {
  return typeof topic === 'string' && publicChannels.has(topic.split(':')[0] ?? '');
}

/** Looks at the text, which is JSON: of two fields of the same name, a reader of JSON would see the last one only. */
function hasCredentials(text: string): boolean {
  for (let start = text.indexOf('"'); start >= 0; ) {
    const end = endOfString(text, start);
    if (isName(text, end) && isCredentialName(unescaped(text.slice(start + 1, end)))) return true;
    start = text.indexOf('"', end + 1);
  }
  return false;
}

/** The place of the closing quote. Step by step: a pattern would need a stack as deep as the string is long. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** True for a string that ends at `end` and has a colon behind it. */
function isName(text: string, end: number): boolean {
  let at = end + 1;
  while (' \t\r'.includes(text[at] ?? 'x')) at += 1;
  return text[at] === ':';
}

function unescaped(name: string): string {
  return name.replace(/\\u([0-9a-f]{4})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

/** What `decode` gives, or `undefined` for a text that a recording cannot hold on one line, or that `decode` refuses. */
export function readable<T>(text: string, decode: (text: string) => T): T | undefined {
  if (text.length > longestLine || text.includes('\n') || text.endsWith('\r') || !text.isWellFormed())
    return undefined;
  try {
    return decode(text);
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}
