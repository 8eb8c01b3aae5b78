import { VenueError, type VenueErrorCode } from '@venuekit/connector-core';
import type { StreamDialect } from '../src/stream/stream-dialect.ts';
import type { StreamSessionOptions, StreamStateChange } from '../src/stream/stream-options.ts';
import { createStreamSession, type StreamSession } from '../src/stream/stream-session.ts';
import type { TopicObserver } from '../src/stream/subscriptions.ts';
import {
  createManualRuntime,
  type ManualRuntime,
  type ManualSocket,
  settle,
} from '../src/testing/manual-runtime.ts';

import { sessionLimits } from './session-limits.ts';

/** What the test's own venue says. */
export interface Message {
  readonly m: string;
  readonly id?: string;
  /** `channel:symbol` each. */
  readonly topics?: readonly string[];
  /** An acknowledgement that refuses. */
  readonly bad?: boolean;
  /** Why a login is refused. */
  readonly code?: VenueErrorCode;
}

const text = new TextDecoder();

/** A venue of few words: `sub ID CHANNEL:A,B` out, JSON in. */
export const manualDialect: StreamDialect<Message> = {
  readyOn: 'greeting',
  decode: (bytes) => JSON.parse(text.decode(bytes)) as Message,
  control: ({ m, id, topics = [], bad, code }) => {
    if (m === 'hello') return { type: 'ready' };
    if (m === 'ping' || m === 'pong') return { type: m };
    if (m === 'login') return { type: 'login', error: code && new VenueError({ code, message: 'no' }) };
    if (m === 'bye') return { type: 'closing', reason: 'maintenance' };
    if (m !== 'ack') return undefined;
    const error = bad ? new VenueError({ code: 'market-unavailable', message: 'no such market' }) : undefined;
    const named = topics.map((topic) => {
      const [channel = '', symbol = ''] = topic.split(':');
      return { channel, symbol };
    });
    return { type: 'ack', id, topics: named, error };
  },
  encodeSubscribe: (id, channel, symbols) => `sub ${id} ${channel}:${symbols.join(',')}`,
  encodeUnsubscribe: (id, channel, symbols) => `unsub ${id} ${channel}:${symbols.join(',')}`,
  encodePing: () => 'ping',
  encodePong: () => 'pong',
};

/** The same venue for those who have a key. */
export const loginDialect: StreamDialect<Message> = { ...manualDialect, encodeLogin: () => 'login' };

/** A session whose venue is the test. */
export interface ManualStream {
  readonly runtime: ManualRuntime;
  readonly session: StreamSession;
  readonly states: StreamStateChange[];
  readonly messages: Message[];
  readonly refused: VenueError[];
  /** The newest socket, or the one at `at`. */
  socket(at?: number): ManualSocket;
  /** The venue says something, on the newest socket or on `to`. */
  say(message: Message, to?: ManualSocket): void;
  /** Connects and greets. */
  goLive(): Promise<void>;
  /** Breaks the connection, waits for the next dial and greets on it. */
  comeBack(): Promise<void>;
  /** Confirms every subscribe message of the newest socket. */
  confirmAll(): void;
}

export function createManualStream(
  options: Partial<StreamSessionOptions<Message>> = {},
  mostMessages = 1_000,
): ManualStream {
  const runtime = createManualRuntime();
  const states: StreamStateChange[] = [];
  const messages: Message[] = [];
  const refused: VenueError[] = [];
  const session = createStreamSession<Message>({
    runtime,
    venue: 'v',
    url: 'ws://venue.test/stream',
    dialect: manualDialect,
    onMessage: (message) => messages.push(message),
    onState: (change) => states.push(change),
    onRefusedFrame: (error) => refused.push(error),
    limits: sessionLimits(runtime, { messages: mostMessages }),
    ...options,
  });
  const socket = (at = -1) => runtime.sockets.at(at) as ManualSocket;
  const say = (message: Message, to = socket()) => to.handlers.message(Buffer.from(JSON.stringify(message)));
  const greet = () => {
    socket().handlers.opened();
    say({ m: 'hello' });
  };
  return {
    ...{ runtime, session, states, messages, refused, socket, say },
    goLive: async () => {
      const connecting = session.connect();
      await settle();
      greet();
      await connecting;
    },
    comeBack: async () => {
      const dials = runtime.sockets.length;
      socket().handlers.closed(1006, '');
      while (runtime.sockets.length === dials) await runtime.advance(10);
      greet();
      await runtime.advance(0);
    },
    confirmAll: () => {
      for (const frame of subscribes(socket())) say({ m: 'ack', id: idOf(frame) });
    },
  };
}

/** Subscribe messages that went out on a socket. */
export function subscribes(socket: ManualSocket): string[] {
  return socket.sent.filter((frame) => frame.startsWith('sub '));
}

/** The id of a subscribe message. */
export function idOf(frame = ''): string {
  return frame.split(' ')[1] ?? '';
}

/** An observer that keeps what it hears. */
export function watchTopic(): { readonly story: string[]; readonly observer: TopicObserver } {
  const story: string[] = [];
  const observer: TopicObserver = {
    confirmed: () => void story.push('confirmed'),
    lost: (reason) => void story.push(`lost: ${reason}`),
    refused: (error) => void story.push(`refused: ${error.code}`),
  };
  return { story, observer };
}
