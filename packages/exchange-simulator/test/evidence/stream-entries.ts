import type { Entry } from './entry.ts';
import {
  boolean,
  code,
  decimal,
  either,
  type Field,
  field,
  integer,
  list,
  maybe,
  object,
  pair,
  text,
  time,
  words,
} from './field-types.ts';

/** What a message is called. */
export const called = (...names: readonly string[]): Field =>
  field(words(...names), 'recorded', 'documents 7.1');

/** A client's name for its request. */
export const echo: Field = maybe(
  'the client has given none',
  either(text('any'), integer()),
  'documents 7.3',
  'documents 7.8',
  'client ccxt 47',
);

const login = field(words('unauth', 'auth'), 'recorded', 'client docs 42', 'client hb 57');
const rest = { reason: field(text('prose'), 'documents 7.8'), info: field(text('prose'), 'documents 7.8') };
const symbol = field(text('symbol'), 'recorded', 'documents 7.4');
const seqnum = field(integer(1), 'recorded', 'documents 7.7');
const levels = field(list(pair), 'recorded', 'documents 7.4');

/** Messages that hold a session together, and answers to what a client asks of it. */
export const sessionEntries: readonly Entry[] = [
  { name: 'connected', marks: ['m', '!op'], fields: { m: called('connected'), type: login } },
  {
    name: 'connected, as documented',
    marks: ['!m', 'op'],
    fields: { op: field(words('connected'), 'documents 7.1', 'choice greetingKey'), type: login },
  },
  {
    name: 'connected, with both keys',
    marks: ['m', 'op'],
    fields: {
      m: called('connected'),
      op: field(words('connected'), 'documents 7.1', 'choice greetingKey'),
      type: login,
    },
  },
  {
    name: 'ping',
    marks: ['m'],
    fields: { m: called('ping'), hp: field(words(3, 2), 'recorded', 'documents 7.2') },
    differences: [
      {
        from: 'recorded',
        what: 'the first `hp` is 3 on v2 as well, where 2 was recorded',
        why: 'both versions are served alike, and no client reads it',
      },
    ],
  },
  {
    name: 'pong',
    marks: ['m'],
    fields: {
      m: called('pong'),
      id: echo,
      code: field(words(0), 'documents 7.2'),
      ts: field(time, 'documents 7.2', 'client ccxt 56'),
      hp: field(words(3), 'documents 7.2'),
    },
    differences: [
      {
        from: 'documents 7.2',
        what: '`id` if the ping has one, which the sample lacks; `hp` is 3, where the sample has 2',
        why: 'a client that names its requests can tell their answers apart; a ping is a sign of life, after which nothing was missed',
      },
    ],
  },
  {
    name: 'disconnected',
    marks: ['m'],
    fields: {
      m: called('disconnected'),
      code: field(words(100005), 'documents 7.1'),
      reason: field(words('INVALID_WS_REQUEST_DATA'), 'documents 7.1'),
      info: field(text('prose'), 'documents 7.1'),
    },
  },
  {
    name: 'error',
    marks: ['m'],
    fields: { m: called('error'), id: echo, code: field(code, 'documents 7.8', 'client docs 45'), ...rest },
  },
  {
    name: 'auth',
    marks: ['m', '!err'],
    fields: {
      m: called('auth'),
      id: echo,
      code: field(words(0), 'documents 2.5'),
      ack: maybe(
        'the client has not asked for Ready-Ack',
        words('ready'),
        'documents 2.5',
        'client ready 31',
      ),
    },
  },
  {
    name: 'auth, refused',
    marks: ['m', 'err'],
    fields: {
      m: called('auth'),
      id: echo,
      code: field(code, 'documents 2.5'),
      err: field(text('prose'), 'documents 2.5', 'client docs 45'),
    },
  },
];

const topic = field(text('channel'), 'recorded', 'documents 7.3', 'client ccxt 43');

/** Answers to subscriptions. */
export const subscriptionEntries: readonly Entry[] = [
  {
    name: 'sub',
    marks: ['m', 'code'],
    fields: { m: called('sub'), id: echo, ch: topic, code: field(words(0), 'recorded', 'documents 7.3') },
    differences: [
      {
        from: 'documents 7.3',
        what: 'of several symbols each is confirmed by itself',
        why: 'recorded so; `confirmations` switches it',
      },
    ],
  },
  {
    name: 'sub, refused',
    marks: ['m', 'code'],
    fields: {
      m: called('sub'),
      id: echo,
      ch: topic,
      code: field(code, 'documents 7.3', 'documents 7.8'),
      reason: field(text('prose'), 'documents 7.3', 'client docs 45'),
    },
  },
  {
    name: 'unsub',
    marks: ['m'],
    fields: {
      m: called('unsub'),
      id: echo,
      ch: field(text('channel'), 'documents 7.3', 'client docs 46'),
      code: maybe('it is left out by choice', words(0), 'documents 7.3', 'choice unsubscribeCode'),
    },
    differences: [
      {
        from: 'documents 7.3',
        what: 'it has a `code`, which the sample of the end lacks',
        why: 'that of the beginning has one; `unsubscribeCode` switches it',
      },
    ],
  },
];

const book = { ts: field(time, 'recorded', 'documents 7.4'), seqnum, asks: levels, bids: levels };
const spaces = {
  from: 'recorded',
  what: 'no space before `"data"`, where the venue wrote one in messages of books',
  why: 'JSON does not tell them apart, and no known client does',
};
const snapshotOrder = {
  from: 'documents 7.6',
  what: '`ts` before `seqnum`, the other way round in the description',
  why: 'recorded so',
};
const trade = object({
  p: field(decimal, 'recorded', 'documents 7.4'),
  q: field(decimal, 'recorded', 'documents 7.4'),
  ts: field(time, 'recorded', 'documents 7.4'),
  bm: field(boolean, 'recorded', 'client tardis 16'),
  seqnum: field(integer(1), 'recorded', 'client docs 15'),
});
const tradeZeros = {
  from: 'recorded',
  what: 'sizes never keep zeros at their end; some recorded ones do, such as `"0.30"`',
  why: 'clients compare decimals, and the venue strips them nearly everywhere',
};

/** Public market data. */
export const marketEntries: readonly Entry[] = [
  {
    name: 'depth',
    marks: ['m'],
    fields: { m: called('depth'), symbol, data: field(object(book), 'recorded') },
    differences: [spaces],
  },
  {
    name: 'depth-snapshot',
    marks: ['m'],
    fields: { m: called('depth-snapshot'), symbol, data: field(object(book), 'recorded') },
    differences: [
      spaces,
      snapshotOrder,
      {
        from: 'documents 7.6',
        what: '`depth-snapshot-top100` is answered by this name too',
        why: 'the name of that answer is not documented',
      },
    ],
  },
  {
    name: 'depth-realtime',
    marks: ['m'],
    fields: {
      m: field(words('depth-realtime'), 'documents 7.4', 'client tardis 52'),
      symbol,
      data: field(object(book), 'documents 7.4', 'client rt 52'),
    },
  },
  {
    name: 'depth-snapshot-realtime',
    marks: ['m', 'data'],
    fields: {
      m: field(words('depth-snapshot-realtime'), 'documents 7.6', 'client tardis 52'),
      symbol,
      data: field(
        object({ ...book, ts: field(words(0), 'documents 7.6', 'client rt 52') }),
        'documents 7.6',
        'client tardis 52',
      ),
    },
  },
  {
    name: 'depth-snapshot-realtime, refused',
    marks: ['m', 'code'],
    fields: {
      m: field(words('depth-snapshot-realtime'), 'documents 7.6', 'client rt 45'),
      id: echo,
      code: field(words(100008), 'documents 7.8'),
      ...rest,
    },
  },
  {
    name: 'trades',
    marks: ['m'],
    fields: { m: called('trades'), symbol, data: field(list(trade), 'recorded') },
    differences: [tradeZeros],
  },
  {
    name: 'market-trades',
    marks: ['m'],
    fields: {
      m: field(words('market-trades'), 'documents 7.6'),
      id: echo,
      symbol,
      data: field(list(trade), 'documents 7.6'),
    },
  },
  {
    name: 'bbo',
    marks: ['m'],
    fields: {
      m: field(words('bbo'), 'documents 7.4', 'client tardis 53'),
      symbol,
      data: field(
        object({
          ts: field(time, 'documents 7.4'),
          bid: maybe('nobody buys', pair, 'documents 7.4', 'client tardis 53'),
          ask: maybe('nobody sells', pair, 'documents 7.4', 'client tardis 53'),
        }),
        'documents 7.4',
      ),
    },
  },
  {
    name: 'bar',
    marks: ['m'],
    fields: {
      m: field(words('bar'), 'documents 7.4', 'client docs 54'),
      s: field(text('symbol'), 'documents 7.4', 'client docs 54'),
      data: field(
        object({
          i: field(text('any'), 'documents 7.4', 'documents 9'),
          ts: field(time, 'documents 7.4', 'documents 1.5'),
          ...Object.fromEntries(
            ['o', 'c', 'h', 'l', 'v'].map((name) => [name, field(decimal, 'documents 7.4')]),
          ),
        }),
        'documents 7.4',
      ),
    },
  },
];
