import type { ClientEntry } from './entry.ts';
import {
  boolean,
  decimal,
  either,
  type Field,
  field,
  integer,
  list,
  maybe,
  object,
  text,
  time,
  words,
} from './field-types.ts';

const unneeded = 'it is not needed';
const name: Field = maybe(unneeded, either(text('any'), integer()), 'documents 7', 'client ccxt 47');
const op = (word: string, ...evidence: readonly string[]): Field => field(words(word), ...evidence);

const orderTime = field(integer(), 'documents 3.14', 'documents 7.6');
const placed = {
  id: maybe(unneeded, text('clientId'), 'documents 3.14'),
  time: orderTime,
  symbol: field(text('symbol'), 'documents 3.14'),
  orderPrice: maybe('the order has no price', decimal, 'documents 3.14'),
  orderQty: field(decimal, 'documents 3.14'),
  orderType: field(words('limit', 'market', 'stop_limit', 'stop_market'), 'documents 1.7'),
  side: field(words('buy', 'sell'), 'documents 1.7'),
  postOnly: maybe(unneeded, boolean, 'documents 3.14'),
  stopPrice: maybe('the order has none', decimal, 'documents 3.14', 'documents 4.5'),
  timeInForce: maybe(unneeded, words('GTC', 'IOC', 'FOK'), 'documents 3.14'),
  respInst: maybe(unneeded, words('ACK', 'ACCEPT', 'DONE'), 'documents 3.14', 'documents 7.6'),
};
const canceled = {
  time: orderTime,
  orderId: field(text('orderId'), 'documents 3.15'),
  symbol: field(text('symbol'), 'documents 3.15'),
  id: maybe(unneeded, text('any'), 'documents 3.15', 'client ccxt 28'),
};
const allCanceled = {
  time: maybe(unneeded, integer(), 'documents 7.6'),
  symbol: maybe('all are meant', text('symbol'), 'documents 7.6'),
};
const request = (
  action: string,
  ...evidence: readonly string[]
): { readonly op: Field; readonly action: Field; readonly id: Field } => ({
  op: op('req', ...evidence, 'documents 7.6'),
  id: name,
  action: field(words(action), ...evidence, 'documents 7.6', 'documents list 47'),
});
const account: Field = maybe('it is the cash account', text('any'), 'documents 7.6', 'client ccxt 44');
const market = (action: string) => {
  const recorded = action === 'depth-snapshot' ? ['recorded'] : [];
  const symbolField = field(text('symbol'), ...recorded, 'documents 7.6');
  const level = maybe(unneeded, integer(1), 'documents 7.6');
  const args = { symbol: symbolField, ...(action === 'market-trades' && { level }) };
  return { ...request(action, ...recorded), args: field(object(args), ...recorded, 'documents 7.6') };
};
const own = (action: string, args: Field) => ({ ...request(action), account, args });

const symbol = 'ASD/USDT';
const at = 1_767_225_600_123;

/** What a client sends, each with examples; an answer may be that nothing is answered. */
export const clientEntries: readonly ClientEntry[] = [
  {
    name: 'ping',
    marks: ['op'],
    fields: { op: op('ping', 'documents 7.2'), id: name },
    examples: [
      { message: { op: 'ping' }, answer: 'pong' },
      { message: { op: 'ping', id: 'p1' }, answer: 'pong' },
    ],
  },
  {
    name: 'pong',
    marks: ['op'],
    fields: {
      op: op('pong', 'recorded', 'documents 7.2'),
      hp: maybe('only one client sends it', integer(), 'client ccxt 56'),
    },
    examples: [
      { message: { op: 'pong' }, answer: undefined },
      { message: { op: 'pong', hp: 3 }, answer: undefined },
    ],
    differences: [
      {
        from: 'client OsEngine 56',
        what: 'the bare word `pong` counts as one in the limits and as a sign of life, and is answered with 150001',
        why: 'it is no JSON object; the session must not end by it',
      },
    ],
  },
  {
    name: 'sub',
    marks: ['op'],
    fields: {
      op: op('sub', 'recorded', 'documents 7.3'),
      id: name,
      ch: field(text('channel'), 'recorded', 'documents 7.3', 'client ccxt 44'),
    },
    examples: [
      { message: { op: 'sub', ch: `depth:${symbol}` }, answer: 'sub' },
      { message: { op: 'sub', id: 7, ch: 'order:CASH' }, answer: 'sub' },
    ],
  },
  {
    name: 'unsub',
    marks: ['op'],
    fields: {
      op: op('unsub', 'documents 7.3'),
      id: name,
      ch: field(text('channel'), 'documents 7.3', 'documents list 46'),
    },
    examples: [{ message: { op: 'unsub', id: 'u1', ch: `bar:*:${symbol}` }, answer: 'unsub' }],
  },
  {
    name: 'auth',
    marks: ['op'],
    fields: {
      op: op('auth', 'documents 2.5'),
      id: name,
      t: field(either(time, text('any')), 'documents 2.5', 'client ccxt 6'),
      key: field(text('any'), 'documents 2.5'),
      sig: field(text('signature'), 'documents 2.5', 'worked example 2.5'),
      ack: maybe('New-Ack is meant', words('ready'), 'documents 2.5', 'documents ready 31'),
    },
    examples: [
      {
        message: {
          ...{ op: 'auth', id: 'a1', t: at, key: 'simOnlyKey0123456789ABCDEFGHIJKL' },
          sig: 'ZPYmEZ3hiJCSmWxx364xZXgteTUkVu7/K94lOsWDOfE=',
        },
        answer: 'auth',
      },
      {
        message: {
          ...{ op: 'auth', id: 'a1', t: String(at), key: 'simOnlyKey0123456789ABCDEFGHIJKL' },
          ...{ sig: 'ZPYmEZ3hiJCSmWxx364xZXgteTUkVu7/K94lOsWDOfE=', ack: 'ready' },
        },
        answer: 'auth',
      },
    ],
  },
  ...['depth-snapshot', 'depth-snapshot-top100', 'depth-snapshot-realtime', 'market-trades'].map(
    (action): ClientEntry => ({
      name: action,
      marks: ['op', 'action'],
      fields: market(action),
      examples: [
        {
          message: {
            ...{ op: 'req', id: 'r1', action },
            args: { symbol, ...(action === 'market-trades' && { level: 10 }) },
          },
          answer: action.replace('-top100', ''),
        },
      ],
    }),
  ),
  {
    name: 'place-order',
    marks: ['op', 'action'],
    fields: own('place-order', field(object(placed), 'documents 3.14', 'documents 7.6')),
    examples: [
      {
        message: {
          ...{ op: 'req', id: 'r1', action: 'place-order', account: 'cash' },
          args: {
            ...{ id: 'k7Qm2Zt9X', time: at, symbol, orderPrice: '0.0712', orderQty: '500' },
            ...{ orderType: 'limit', side: 'buy', postOnly: false, timeInForce: 'GTC', respInst: 'ACK' },
          },
        },
        answer: 'order, Ack',
      },
      {
        message: {
          ...{ op: 'req', action: 'place-order' },
          args: {
            time: at,
            symbol,
            orderQty: '500',
            orderType: 'stop_market',
            side: 'buy',
            stopPrice: '0.08',
          },
        },
        answer: 'order, Ack',
      },
    ],
  },
  {
    name: 'cancel-order',
    marks: ['op', 'action'],
    fields: own('cancel-order', field(object(canceled), 'documents 3.15', 'documents 7.6')),
    examples: [
      {
        message: {
          ...{ op: 'req', id: 'r1', action: 'cancel-order', account: 'cash' },
          args: { time: at, orderId: 's19b76daa87bU0420042042k7Qm2Zt9X', symbol, id: 'foobar' },
        },
        answer: 'order, Ack',
      },
    ],
  },
  {
    name: 'cancel-all',
    marks: ['op', 'action'],
    fields: own('cancel-all', field(object(allCanceled), 'documents 7.6')),
    examples: [
      { message: { op: 'req', action: 'cancel-all', args: {} }, answer: 'order, Ack' },
      {
        message: { op: 'req', id: 'r1', action: 'cancel-all', account: 'cash', args: { time: at, symbol } },
        answer: 'order, Ack',
      },
    ],
  },
  {
    name: 'batch-place-order',
    marks: ['op', 'action'],
    fields: own(
      'batch-place-order',
      field(object({ orders: field(list(object(placed)), 'documents 3.16') }), 'documents 7.6'),
    ),
    examples: [
      {
        message: {
          ...{ op: 'req', id: 'r1', action: 'batch-place-order', account: 'cash' },
          args: {
            orders: [
              {
                ...{ id: 'batch0002', time: at, symbol, orderPrice: '0.0712', orderQty: '100' },
                ...{ orderType: 'stop_limit', side: 'buy', stopPrice: '0.08' },
              },
              {
                ...{ id: 'batch0003', time: at, symbol, orderPrice: '0.0712', orderQty: '100' },
                ...{ orderType: 'limit', side: 'buy', postOnly: true, timeInForce: 'GTC', respInst: 'ACK' },
              },
            ],
          },
        },
        answer: 'order, Ack of a batch',
      },
    ],
  },
  {
    name: 'batch-cancel-order',
    marks: ['op', 'action'],
    fields: own(
      'batch-cancel-order',
      field(object({ orders: field(list(object(canceled)), 'documents 3.15') }), 'documents 7.6'),
    ),
    examples: [
      {
        message: {
          ...{ op: 'req', id: 'r1', action: 'batch-cancel-order', account: 'cash' },
          args: { orders: [{ time: at, orderId: 's19b76daa87bU0420042042batch0002', symbol, id: 'foobar' }] },
        },
        answer: 'order, Ack of a batch',
      },
    ],
  },
  {
    name: 'open-order',
    marks: ['op', 'action'],
    fields: own(
      'open-order',
      field(object({ symbols: maybe('all are meant', text('any'), 'documents 7.6') }), 'documents 7.6'),
    ),
    examples: [
      { message: { op: 'req', action: 'open-order', args: { symbols: symbol } }, answer: 'open-order' },
      {
        message: { op: 'req', id: 1, action: 'open-order', account: 'cash', args: {} },
        answer: 'open-order',
      },
    ],
  },
];

/** Channels and actions that are known by name, and what comes of them. */
export const quietEntries: readonly {
  readonly name: string;
  readonly message: object;
  /** Entry of the answer; after it, nothing is ever sent. */
  readonly answer: string;
  readonly code?: number;
  readonly evidence: readonly string[];
}[] = [
  {
    ...{ name: 'summary', message: { op: 'sub', ch: `summary:${symbol}` }, answer: 'sub' },
    evidence: ['documents 7.4', 'choice: it is named in demos only, and stays silent'],
  },
  {
    ...{ name: 'ref-px', message: { op: 'sub', ch: 'ref-px:BTC' }, answer: 'error', code: 100005 },
    evidence: ['documents 7.4', 'choice: nothing is traded on margin here'],
  },
  {
    ...{ name: 'margin-risk', message: { op: 'req', action: 'margin-risk', args: {} }, answer: 'error' },
    ...{ code: 100010, evidence: ['documents 7.6', 'choice: nothing is traded on margin here'] },
  },
  {
    ...{
      name: 'trade-snapshot',
      message: { op: 'req', action: 'trade-snapshot', args: {} },
      answer: 'error',
    },
    ...{ code: 100005, evidence: ['documents 7.8', 'client demos 49'] },
  },
  {
    ...{ name: 'balance', message: { op: 'req', action: 'balance', args: {} }, answer: 'error' },
    ...{ code: 100005, evidence: ['choice streamBalances'] },
  },
  {
    ...{ name: 'order-status', message: { op: 'req', action: 'order-status', args: {} }, answer: 'error' },
    ...{ code: 100005, evidence: ['choice streamOrderStatus'] },
  },
];
