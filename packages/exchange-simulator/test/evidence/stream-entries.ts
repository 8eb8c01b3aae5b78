import type { Entry } from './entry.ts';
import {
  boolean,
  code,
  decimal,
  either,
  type Field,
  type Fields,
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

const recordedNames = ['connected', 'ping', 'sub', 'depth', 'depth-snapshot', 'trades'];

/** What a message is called, in a section of the documents. */
export function called(section: string, name: string): Field {
  return field(words(name), ...(recordedNames.includes(name) ? ['recorded'] : []), `documents ${section}`);
}

/** A client's name for its request, which comes back in a section of the documents, or because we chose so. */
export function echo(...evidence: readonly string[]): Field {
  return maybe('the client has given none', either(text('any'), integer()), ...evidence);
}

const login = field(words('unauth', 'auth'), 'recorded', 'documents list 42', 'client Hummingbot 57');
const oldLogin = field(words('unauth', 'auth'), 'documents 7.1', 'choice greetingKey');
const rest = { reason: field(text('prose'), 'documents 7.8'), info: field(text('prose'), 'documents 7.8') };
const symbolBy = (...evidence: readonly string[]): Field => field(text('symbol'), ...evidence);

/** Messages that hold a session together, and answers to what a client asks of it. */
export const sessionEntries: readonly Entry[] = [
  { name: 'connected', marks: ['m', '!op'], fields: { m: called('7.1', 'connected'), type: login } },
  {
    name: 'connected, as documented',
    marks: ['!m', 'op'],
    fields: { op: field(words('connected'), 'documents 7.1', 'choice greetingKey'), type: oldLogin },
  },
  {
    name: 'connected, with both keys',
    marks: ['m', 'op'],
    fields: {
      m: field(words('connected'), 'documents list 42', 'choice greetingKey'),
      op: field(words('connected'), 'documents 7.1', 'choice greetingKey'),
      type: oldLogin,
    },
  },
  {
    name: 'ping',
    marks: ['m'],
    fields: { m: called('7.2', 'ping'), hp: field(words(3, 2), 'recorded', 'documents 7.2') },
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
      m: called('7.2', 'pong'),
      id: echo('choice: a client that names its requests can tell their answers apart'),
      code: field(words(0), 'documents 7.2'),
      ts: field(time, 'documents 7.2', 'documents list 56'),
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
      m: called('7.1', 'disconnected'),
      code: field(words(100005), 'documents 7.1'),
      reason: field(words('INVALID_WS_REQUEST_DATA'), 'documents 7.1'),
      info: field(text('prose'), 'documents 7.1'),
    },
  },
  {
    name: 'error',
    marks: ['m'],
    fields: {
      m: called('7.1', 'error'),
      id: echo('documents 7.1', 'documents 7.8'),
      code: field(code, 'documents 7.8', 'documents list 45'),
      ...rest,
    },
  },
  {
    name: 'auth',
    marks: ['m', '!err'],
    fields: {
      m: called('2.5', 'auth'),
      id: echo('documents 2.5'),
      code: field(words(0), 'documents 2.5'),
      ack: maybe(
        'the client has not asked for Ready-Ack',
        words('ready'),
        'documents 2.5',
        'documents ready 31',
      ),
    },
  },
  {
    name: 'auth, refused',
    marks: ['m', 'err'],
    fields: {
      m: called('2.5', 'auth'),
      id: echo('documents 2.5'),
      code: field(code, 'documents 2.5'),
      err: field(text('prose'), 'documents 2.5', 'documents list 45'),
    },
  },
];

/** Answers to subscriptions. */
export const subscriptionEntries: readonly Entry[] = [
  {
    name: 'sub',
    marks: ['m', 'code'],
    fields: {
      m: called('7.3', 'sub'),
      id: echo('documents 7.3'),
      ch: field(text('channel'), 'recorded', 'documents 7.3', 'client ccxt 43'),
      code: field(words(0), 'recorded', 'documents 7.3'),
    },
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
      m: field(words('sub'), 'documents 7.3', 'documents list 45'),
      id: echo('documents 7.3'),
      ch: field(text('channel'), 'documents 7.3'),
      code: field(code, 'documents 7.3', 'documents 7.8'),
      reason: field(text('prose'), 'documents 7.3', 'documents list 45'),
    },
  },
  {
    name: 'unsub',
    marks: ['m'],
    fields: {
      m: called('7.3', 'unsub'),
      id: echo('documents 7.3'),
      ch: field(text('channel'), 'documents 7.3', 'documents list 46'),
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

const bookBy = (...evidence: readonly string[]): Fields => ({
  ts: field(time, ...evidence),
  seqnum: field(integer(1), ...evidence, 'documents 7.7'),
  asks: field(list(pair), ...evidence),
  bids: field(list(pair), ...evidence),
});
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
const tradesBy = (...evidence: readonly string[]): Field =>
  field(
    list(
      object({
        p: field(decimal, ...evidence),
        q: field(decimal, ...evidence),
        ts: field(time, ...evidence),
        bm: field(boolean, ...evidence, 'client tardis 16'),
        seqnum: field(integer(1), ...evidence, 'documents list 15'),
      }),
    ),
    ...evidence,
  );
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
    fields: {
      m: called('7.4', 'depth'),
      symbol: symbolBy('recorded', 'documents 7.4'),
      data: field(object(bookBy('recorded', 'documents 7.4')), 'recorded', 'documents 7.4'),
    },
    differences: [spaces],
  },
  {
    name: 'depth-snapshot',
    marks: ['m'],
    fields: {
      m: called('7.6', 'depth-snapshot'),
      symbol: symbolBy('recorded', 'documents 7.6'),
      data: field(object(bookBy('recorded', 'documents 7.6')), 'recorded', 'documents 7.6'),
    },
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
      symbol: symbolBy('documents 7.4'),
      data: field(object(bookBy('documents 7.4')), 'documents 7.4', 'documents realtime 52'),
    },
  },
  {
    name: 'depth-snapshot-realtime',
    marks: ['m', 'data'],
    fields: {
      m: field(words('depth-snapshot-realtime'), 'documents 7.6', 'client tardis 52'),
      symbol: symbolBy('documents 7.6'),
      data: field(
        object({ ...bookBy('documents 7.6'), ts: field(words(0), 'documents 7.6', 'documents realtime 52') }),
        'documents 7.6',
        'client tardis 52',
      ),
    },
  },
  {
    name: 'depth-snapshot-realtime, refused',
    marks: ['m', 'code'],
    fields: {
      m: field(words('depth-snapshot-realtime'), 'documents 7.6', 'documents realtime 45'),
      id: echo('documents list 45'),
      code: field(words(100008), 'documents 7.8'),
      ...rest,
    },
  },
  {
    name: 'trades',
    marks: ['m'],
    fields: {
      m: called('7.4', 'trades'),
      symbol: symbolBy('recorded', 'documents 7.4'),
      data: tradesBy('recorded', 'documents 7.4'),
    },
    differences: [tradeZeros],
  },
  {
    name: 'market-trades',
    marks: ['m'],
    fields: {
      m: field(words('market-trades'), 'documents 7.6'),
      id: echo('documents 7.6'),
      symbol: symbolBy('documents 7.6'),
      data: tradesBy('documents 7.6'),
    },
  },
  {
    name: 'bbo',
    marks: ['m'],
    fields: {
      m: field(words('bbo'), 'documents 7.4', 'client tardis 53'),
      symbol: symbolBy('documents 7.4'),
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
      m: field(words('bar'), 'documents 7.4', 'documents list 54'),
      s: field(text('symbol'), 'documents 7.4', 'documents list 54'),
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
