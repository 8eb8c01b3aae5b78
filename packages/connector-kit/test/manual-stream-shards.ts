import { createVenueLimiter } from '../src/limits/index.ts';
import type { StreamStateChange } from '../src/stream/stream-options.ts';
import {
  createStreamShards,
  type StreamShards,
  type StreamShardsOptions,
} from '../src/stream/stream-shards.ts';
import type { Subscription } from '../src/stream/subscriptions.ts';
import {
  createManualRuntime,
  type ManualRuntime,
  type ManualSocket,
  settle,
} from '../src/testing/manual-runtime.ts';
import { idOf, type Message, manualDialect, watchTopic } from './manual-stream.ts';

/** What a test may change about its shards. */
export interface ManualShardsOptions extends Partial<StreamShardsOptions<Message>> {
  /** Dials in five minutes, of all sessions. */
  readonly dials?: number;
  /** Subscribe and unsubscribe messages in a minute, of each session. */
  readonly messages?: number;
}

/** A topic of a test. */
export interface WatchedTopic extends Subscription {
  readonly story: readonly string[];
}

/** Shards whose venue is the test. */
export interface ManualShards {
  readonly runtime: ManualRuntime;
  readonly shards: StreamShards;
  readonly states: StreamStateChange[];
  /** Numbers of sessions whose limits were asked for. */
  readonly limitsAsked: number[];
  socket(at?: number): ManualSocket;
  say(message: Message, to?: ManualSocket): void;
  /** A socket opens, greets and confirms what is asked for. */
  greet(to?: ManualSocket): Promise<void>;
  /** Connects, greets and confirms, on as many sessions as are dialled. */
  goLive(): Promise<void>;
  /** Confirms what was asked for on every socket. */
  confirmAll(): void;
  want(symbol: string, channel?: string): WatchedTopic;
}

/** Symbols of which something is subscribed on a socket, by what was sent on it. */
export function carriedBy({ sent }: ManualSocket): string[] {
  const carried = new Set<string>();
  for (const frame of sent) {
    const [op, , topics = ''] = frame.split(' ');
    const [channel, symbols = ''] = topics.split(':');
    for (const symbol of symbols.split(',')) {
      if (op === 'sub') carried.add(`${channel}:${symbol}`);
      else if (op === 'unsub') carried.delete(`${channel}:${symbol}`);
    }
  }
  return [...new Set([...carried].map((topic) => topic.split(':')[1] ?? ''))];
}

/** Two symbols a session, unless told otherwise. */
export function createManualShards(options: ManualShardsOptions = {}): ManualShards {
  const { dials = 100, messages = 1_000, ...changes } = options;
  const runtime = createManualRuntime();
  const states: StreamStateChange[] = [];
  const limitsAsked: number[] = [];
  const made = { runtime, venue: 'v', allowanceMs: 0 };
  const limiter = createVenueLimiter({
    ...made,
    limits: [{ id: 'dial', scope: 'ip', windows: [{ capacity: dials, windowMs: 300_000 }] }],
  });
  const shards = createStreamShards<Message>({
    ...{ runtime, venue: 'v', url: 'ws://venue.test/', dialect: manualDialect, symbolsPerSession: 2 },
    keepAlive: { pingAfterMs: 1e12, deadlineMs: 1_000 },
    limitsOf: (session) => {
      limitsAsked.push(session);
      const limits = [{ id: 'subscribe', windows: [{ capacity: messages, windowMs: 60_000 }] }];
      const own = createVenueLimiter({ ...made, limits });
      return { limiter, messages: own, dial: 'dial', subscribe: 'subscribe', scope: 'ip' };
    },
    onState: (change) => states.push(change),
    ...{ onMessage() {}, onRefusedFrame() {} },
    ...changes,
  });
  const socket = (at = -1) => runtime.sockets.at(at) as ManualSocket;
  const say = (message: Message, to = socket()) => to.handlers.message(Buffer.from(JSON.stringify(message)));
  const confirmAll = () => {
    for (const one of runtime.sockets)
      for (const frame of one.sent) if (frame.startsWith('sub ')) say({ m: 'ack', id: idOf(frame) }, one);
  };
  const greet = async (to = socket()) => {
    to.handlers.opened();
    say({ m: 'hello' }, to);
    await runtime.advance(0);
    confirmAll();
  };
  const goLive = async () => {
    const connecting = shards.connect();
    await settle();
    await greet();
    await connecting;
    for (const one of runtime.sockets.slice(1)) await greet(one);
  };
  const want = (symbol: string, channel = 'x'): WatchedTopic => {
    const { observer, story } = watchTopic();
    const subscription = shards.subscribe({ channel, symbol }, observer);
    return {
      story,
      get confirmed() {
        return subscription.confirmed;
      },
      unsubscribe: () => subscription.unsubscribe(),
      renew: (reason, sinceMs) => subscription.renew(reason, sinceMs),
    };
  };
  return { runtime, shards, states, limitsAsked, socket, say, greet, goLive, confirmAll, want };
}
