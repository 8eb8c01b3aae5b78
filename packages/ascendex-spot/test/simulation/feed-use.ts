import type {
  BookEvent,
  ConnectorEvent,
  Feed,
  MarketHandle,
  TickerEvent,
  TradeEvent,
} from '@venuekit/connector-core';
import type { AscendexSpot } from '../../src/index.ts';
import { BookStory } from '../models/book-story.ts';
import { ConnectionStory } from '../models/connection-story.ts';
import { bestText } from '../models/exchange-truth.ts';
import { TradeFlow } from '../models/trade-flow.ts';
import type { WireLog } from '../models/wire-log.ts';
import { tapFeed } from './event-tap.ts';
import type { Judge } from './judge.ts';

/** What feeds are judged with. */
export interface FeedContext {
  readonly judge: Judge;
  readonly wire: WireLog;
  readonly connector: AscendexSpot;
  /** Adds a line to the trace of the process. */
  readonly record: (kind: string, text: string) => void;
}

/** Any event of any feed. */
export type AnyEvent = BookEvent | TradeEvent | TickerEvent | ConnectorEvent;

/** A feed with the rules of one consumer of it. */
export interface JudgedFeed {
  readonly feed: Feed<AnyEvent>;
  /** Judges one event. `queued` events may be told long after they happened. */
  judge(event: AnyEvent, queued: boolean): void;
}

/** The feed of that name, with fresh rules; what it tells is in the trace. Books that are read may skip states, so the order of a book is judged for listeners alone. */
export function judgedFeed(name: string, handle: MarketHandle, context: FeedContext): JudgedFeed {
  const { connector } = context;
  const source = name === 'connection' ? name : `${handle.pair} ${name}`;
  const any = <E extends object>(feed: Feed<E>) =>
    tapFeed(feed, (text) => context.record('event', `${source} ${text}`)) as unknown as Feed<AnyEvent>;
  if (name === 'trades') return { feed: any(handle.trades), judge: judgeTrades(handle.pair, context) };
  if (name === 'ticker') return { feed: any(handle.ticker), judge: judgeTicker(handle.pair, context) };
  if (name === 'connection') return { feed: any(connector.events), judge: judgeConnection(context) };
  const story = new BookStory(handle.pair, (message) => context.judge.violate('I14', message));
  return {
    feed: any(handle.book),
    judge: (event, queued) => {
      if (event.kind === 'gap') context.judge.count('gap in book');
      if (!queued) story.take(event as BookEvent);
    },
  };
}

function judgeTrades(pair: string, { connector, judge, wire }: FeedContext): JudgedFeed['judge'] {
  const flow = new TradeFlow({
    pair,
    wire,
    truth: judge.truth,
    venueLies: () => judge.hidesTrades,
    violate: (message) => judge.violate('I14', message),
    count: (name) => judge.count(name),
  });
  return (event, queued) => {
    if (event.kind === 'trade' && !queued) expectLive(pair, 'trade', connector, judge);
    flow.take(event as TradeEvent);
  };
}

function judgeTicker(pair: string, { connector, judge }: FeedContext): JudgedFeed['judge'] {
  return (event, queued) => {
    if (event.kind !== 'ticker') return;
    judge.count('ticker told');
    if (!queued) expectLive(pair, 'ticker', connector, judge);
    const { ask, bid, venueTimeMs } = event;
    const texts = [bid, ask].map((level) => level && [`${level.price}`, `${level.amount}`]);
    const text = bestText(venueTimeMs, texts[0], texts[1]);
    if (!judge.truth.wasBest(pair, text))
      judge.violate('I5', `${pair}: expected best prices of the venue, got ${text}`);
  };
}

/** Whoever is told of the end of a connection hears nothing of it any more. */
function expectLive(pair: string, what: string, { state }: AscendexSpot, { violate }: Judge): void {
  if (state !== 'live')
    violate('I14', `epoch: ${pair}: expected no ${what} while the connection is ${state}, got one`);
}

function judgeConnection({ judge }: FeedContext): JudgedFeed['judge'] {
  const story = new ConnectionStory((message) => judge.violate('I14', message));
  return (event) => {
    if (event.kind === 'connection' && event.state === 'down') judge.count('connection lost');
    story.take(event as ConnectorEvent);
  };
}
