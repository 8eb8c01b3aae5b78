import type { Feed, TradeEvent } from '@venuekit/connector-core';
import { TradeFlow } from '../models/trade-flow.ts';
import type { Arrival } from '../models/wire-log.ts';
import { BookRules } from './book-rules.ts';
import { ConnectionRules } from './connection-rules.ts';
import { tapFeed } from './event-tap.ts';
import { type AnyEvent, expectLive, type FeedContext, type FeedRules } from './feed-rules.ts';
import type { OpenHandle } from './open-handle.ts';
import { TickerRules } from './ticker-rules.ts';

/** A feed with the rules of one consumer of it. */
export interface JudgedFeed {
  readonly feed: Feed<AnyEvent>;
  readonly rules: FeedRules;
}

/**
 * The feed of that name, with fresh rules; what it tells is in the trace. `openedAt`: the newest frame when the handle was opened,
 * if nobody has heard its trades before.
 */
export function judgedFeed(
  name: string,
  { handle }: OpenHandle,
  context: FeedContext,
  openedAt: Arrival | undefined,
): JudgedFeed {
  const { connector, record } = context;
  const { book, pair, ticker, trades } = handle;
  const source = name === 'connection' ? name : `${pair} ${name}`;
  const any = <E extends object>(feed: Feed<E>) =>
    tapFeed(feed, (text) => record('event', `${source} ${text}`)) as unknown as Feed<AnyEvent>;
  if (name === 'trades') return { feed: any(trades), rules: tradeRules(pair, context, openedAt) };
  if (name === 'ticker') return { feed: any(ticker), rules: new TickerRules(pair, context) };
  if (name === 'connection') return { feed: any(connector.events), rules: new ConnectionRules(context) };
  return { feed: any(book), rules: new BookRules(handle, context) };
}

function tradeRules(pair: string, context: FeedContext, openedAt: Arrival | undefined): FeedRules {
  const { connector, judge, localNow, wire } = context;
  const flow = new TradeFlow({
    ...{ pair, wire, localNow, openedAt },
    truth: judge.truth,
    venueLies: (sinceMs) => judge.hides('trades', pair, sinceMs),
    violate: (message) => judge.violate('I14', message),
    count: (name) => judge.count(name),
  });
  return {
    take: (event, manner) => {
      if (event.kind === 'trade' && manner === 'told') expectLive(pair, 'trade', connector, judge);
      flow.take(event as TradeEvent, manner);
    },
    arriving: (frame) => flow.arriving(frame),
    arrived: () => {},
    settle: () => flow.settle(),
    isFresh: (connection) => flow.isFresh(connection),
  };
}
