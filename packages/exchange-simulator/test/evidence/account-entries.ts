import type { Entry } from './entry.ts';
import {
  code,
  decimal,
  decimalOrEmpty,
  either,
  type Field,
  type Fields,
  field,
  integer,
  list,
  object,
  text,
  time,
  words,
} from './field-types.ts';
import { called, echo } from './stream-entries.ts';

const order62 = ['documents 6.2', 'worked example 6.5'] as const;
const owner: Fields = {
  accountId: field(text('account'), ...order62),
  ac: field(words('CASH'), ...order62),
};
const money = field(decimal, ...order62);
const noBalance = field(words('0'), 'documents 6.2');

/** An order as its owner is told of it. */
const orderData = {
  s: field(text('symbol'), ...order62),
  sn: field(integer(1), ...order62, 'documents 6.8'),
  orderId: field(text('anyOrderId'), ...order62, 'documents 5.2', 'choice uidForm'),
  ot: field(words('Limit', 'Market', 'StopLimit', 'StopMarket'), ...order62, 'documents 1.7'),
  sd: field(words('Buy', 'Sell'), ...order62),
  ei: field(words('NULL_VAL', 'Post', 'POST'), ...order62, 'documents ready 37', 'choice postOnlyWord'),
  p: field(decimalOrEmpty, ...order62, 'documents 4.4', 'choice marketSellPrice'),
  q: money,
  sp: field(decimalOrEmpty, ...order62, 'documents list 37'),
  st: field(
    words('New', 'PartiallyFilled', 'Filled', 'Canceled', 'Rejected', 'Ready', 'PendingNew'),
    ...order62,
    'documents 6.3',
    'choice waitingStopStatus',
    'choice postOnlyCrossing',
  ),
  err: field(
    words('', 'PostOnlyWouldTake', 'DupNewCoid', 'NotEnoughPos', 'TradingNotAllowed'),
    'documents 6.6',
    'choice: TradingNotAllowed is our word for a market that was closed while the order was under way',
  ),
  ap: money,
  cfq: money,
  cf: money,
  fa: field(text('asset'), ...order62, 'documents 4.3'),
  btb: money,
  bab: money,
  qtb: money,
  qab: money,
  t: field(time, ...order62),
} satisfies Fields;

const nothing = field(words('NULL_VAL'), 'documents 6.6', 'client Hummingbot 6.6');
const zero = field(words('0'), 'documents 6.6', 'client Hummingbot 6.6');

/** Why a cancel came to nothing. */
const cancelWords = field(
  words('NoOpenForCancel', 'TooLateToCancel', 'DupCancelCoid', 'TradingNotAllowed'),
  'documents 6.6',
  'client Hummingbot 6.6',
  'choice cancelRefusalsOnStream',
  'choice: TradingNotAllowed is our word for a market that stands still',
);

/** A cancel that was refused, in New-Ack mode. */
const refusedCancel: Fields = {
  ...orderData,
  ot: nothing,
  sd: nothing,
  ei: field(words('NULL_VAL'), 'choice: the order is not described'),
  p: zero,
  q: zero,
  sp: field(words('0'), 'choice: the order is not described'),
  st: field(words('Rejected'), 'documents 6.6', 'client Hummingbot 6.6'),
  err: cancelWords,
  ap: field(words('0'), 'choice: the order is not described'),
  cfq: zero,
  cf: field(words('0'), 'choice: the order is not described'),
  fa: field(words('NULL_VAL'), 'choice: the order is not described'),
};

/** The same in Ready-Ack mode. */
const wrappedCancel: Fields = {
  sn: field(integer(1), 'documents 6.2'),
  ot: field(words('NULL_VAL'), 'documents 6.6'),
  s: field(text('symbol'), 'documents 6.2'),
  t: field(time, 'documents 6.2'),
  orderId: field(text('orderId'), 'documents 6.6', 'documents ready 31'),
  origOrderId: field(text('any'), 'documents 6.6', 'documents ready 31'),
  st: field(words('Rejected'), 'documents 6.6', 'documents ready 31'),
  err: field(words('OrderCancelReject'), 'documents 6.6', 'documents ready 31'),
  text: cancelWords,
};

/** What is told of an account without being asked for. */
export const updateEntries: readonly Entry[] = [
  {
    name: 'order',
    marks: ['m', 'data.btb', 'data.sd'],
    fields: { m: called('6.2', 'order'), ...owner, data: field(object(orderData), ...order62) },
    differences: [
      {
        from: 'documents 6.4',
        what: 'the four balances are there in Ready-Ack mode too, whose samples lack them',
        why: 'a client that knows them from one mode finds them in the other',
      },
      {
        from: 'documents 6.4',
        what: 'one message for each fill of a sweep',
        why: 'not documented; one known client takes each message for one fill',
      },
    ],
  },
  {
    name: 'order, cancel refused',
    marks: ['m', 'data.btb', 'data.sd'],
    fields: {
      m: called('6.6', 'order'),
      ...owner,
      data: field(object(refusedCancel), 'documents 6.6', 'client Hummingbot 6.6'),
    },
  },
  {
    name: 'order, cancel refused in Ready-Ack mode',
    marks: ['m', 'data.text'],
    fields: {
      m: called('6.6', 'order'),
      ...owner,
      data: field(object(wrappedCancel), 'documents 6.6', 'documents ready 31'),
    },
  },
  {
    name: 'balance',
    marks: ['m', 'data.a'],
    fields: {
      m: called('6.7', 'balance'),
      accountId: field(text('account'), 'documents 6.7'),
      ac: field(words('CASH', 'MARGIN'), 'documents 6.7'),
      data: field(
        object({
          a: field(text('asset'), 'documents 6.7'),
          sn: field(integer(1), 'documents 6.7'),
          tb: field(decimal, 'documents 6.7'),
          ab: field(decimal, 'documents 6.7'),
        }),
        'documents 6.7',
      ),
    },
    differences: [
      {
        from: 'documents 6.7',
        what: 'those of a margin account have no `brw` and `int`',
        why: 'nothing is borrowed here',
      },
    ],
  },
];

const clientId = field(text('clientId'), 'documents 7.6', 'documents 5.3');
const action = (...names: readonly string[]): Field =>
  field(words(...names), 'documents 7.6', 'documents list 47');
const singles = ['place-order', 'cancel-order', 'cancel-all'] as const;
const batches = ['batch-place-order', 'batch-cancel-order'] as const;

/** What an Ack says of a request, in the order of the stream. */
const ackInfo: Fields = {
  symbol: field(either(text('symbol'), words('')), 'documents 7.6'),
  orderType: field(words('Limit', 'Market', 'StopLimit', 'StopMarket', 'NULL_VAL'), 'documents 7.6'),
  timestamp: field(time, 'documents 7.6'),
  id: clientId,
  orderId: field(either(text('orderId'), words('')), 'documents 7.6', 'documents 5.2'),
};

const batchInfo: Fields = {
  ...ackInfo,
  symbol: field(text('symbol'), 'documents 7.6'),
  orderId: field(text('orderId'), 'documents 7.6', 'documents 5.2'),
};

const status = (word: string): Field => field(words(word), 'documents 7.6');

/** Replies to requests about orders. */
export const replyEntries: readonly Entry[] = [
  {
    name: 'order, Ack',
    marks: ['m', 'action', 'status'],
    fields: {
      m: called('7.6', 'order'),
      ...owner,
      action: action(...singles),
      status: status('Ack'),
      info: field(object(ackInfo), 'documents 7.6'),
    },
    differences: [
      {
        from: 'documents 7.6',
        what: '`respInst` does not matter: the reply is always an Ack',
        why: 'no other reply of the stream is documented',
      },
    ],
  },
  {
    name: 'order, Ack of a batch',
    marks: ['m', 'action', 'status'],
    fields: {
      m: called('7.6', 'order'),
      ...owner,
      action: action(...batches),
      status: status('Ack'),
      info: field(list(object(batchInfo)), 'documents 7.6', 'documents 3.16'),
    },
  },
  {
    name: 'order, Err',
    marks: ['m', 'action', 'status', 'info.code'],
    fields: {
      m: called('7.6', 'order'),
      ...owner,
      ac: field(words('CASH', 'MARGIN'), 'documents 7.6'),
      action: action(...singles, ...batches),
      status: status('Err'),
      info: field(
        object({
          id: field(text('any'), 'documents 7.6'),
          symbol: field(text('any'), 'documents 7.6'),
          code: field(code, 'documents 7.6', 'documents list 45'),
          message: field(text('prose'), 'documents 7.6'),
          reason: field(text('prose'), 'documents 7.6'),
        }),
        'documents 7.6',
      ),
    },
  },
  {
    name: 'order, Err of a batch',
    marks: ['m', 'action', 'status', 'info'],
    fields: {
      m: called('7.6', 'order'),
      ...owner,
      action: action(...batches),
      status: status('Err'),
      info: field(list(object(batchItem())), 'documents 3.16', 'documents list 33'),
    },
    differences: [
      {
        from: 'documents 7.6',
        what: 'the whole of it',
        why: 'batches of the stream are named only; their refusal is that of REST without what stands at the top there',
      },
    ],
  },
];

/** One order of a batch that was refused. */
export function batchItem(): Fields {
  const as = (form: Parameters<typeof text>[0]): Field => field(text(form), 'documents 3.16');
  return {
    code: field(code, 'documents 3.16', 'documents list 33'),
    id: as('any'),
    reason: as('prose'),
    message: as('prose'),
    symbol: as('any'),
    orderId: as('any'),
  };
}

const openData: Fields = {
  ...orderData,
  ot: field(words('Limit', 'StopLimit', 'StopMarket'), ...order62),
  st: field(words('New', 'PartiallyFilled', 'PendingNew'), ...order62, 'choice waitingStopStatus'),
  err: field(words(''), ...order62),
  sp: field(decimal, 'documents list 37'),
  btb: noBalance,
  bab: noBalance,
  qtb: noBalance,
  qab: noBalance,
};
const statusChoice = 'choice streamOrderStatus';
const statusData: Fields = {
  ...openData,
  ot: orderData.ot,
  st: field(words('New', 'PartiallyFilled', 'Filled', 'Canceled'), ...order62),
  e: field(words(''), 'documents 7.6', 'choice: nobody says what it is'),
  a: field(text('account'), 'documents 7.6', statusChoice),
  ac: field(words('CASH'), 'documents 7.6', statusChoice),
  ct: field(time, 'documents 7.6', statusChoice),
  spb: field(words(''), 'documents 7.6', 'choice: nobody says what it is'),
  lp: field(decimal, 'documents 7.6', statusChoice),
  lq: field(decimal, 'documents 7.6', statusChoice),
  f: field(decimal, 'documents 7.6', statusChoice),
};

/** Answers to what a client asks about its account. */
export const answerEntries: readonly Entry[] = [
  {
    name: 'open-order',
    marks: ['m'],
    fields: {
      m: field(words('open-order'), 'documents 7.6'),
      id: echo('documents 7.6'),
      ...owner,
      data: field(list(object(openData)), 'documents 7.6', 'documents 6.2'),
    },
  },
  {
    name: 'order-status',
    marks: ['m'],
    fields: {
      m: field(words('order-status'), 'documents 7.6'),
      id: echo('documents 7.6'),
      code: field(words(0), 'documents 7.6'),
      data: field(list(object(statusData)), 'documents 7.6', statusChoice),
    },
    differences: [
      {
        from: 'documents 7.6',
        what: '`id` before `code`; refused unless `streamOrderStatus` says otherwise',
        why: 'every other answer has its `id` second; the draft was never released',
      },
    ],
  },
  {
    name: 'balance, asked for',
    marks: ['m', 'data'],
    fields: {
      m: field(words('balance'), 'choice streamBalances'),
      id: echo('choice streamBalances'),
      ...owner,
      data: field(
        list(
          object({
            a: field(text('asset'), 'documents 6.7', 'choice streamBalances'),
            sn: field(integer(1), 'documents 6.7', 'choice streamBalances'),
            tb: field(decimal, 'documents 6.7', 'choice streamBalances'),
            ab: field(decimal, 'documents 6.7', 'choice streamBalances'),
          }),
        ),
        'choice streamBalances',
      ),
    },
    differences: [
      {
        from: 'documents 7.6',
        what: 'refused unless `streamBalances` says otherwise',
        why: 'the action is in the table of limits only, without a reply',
      },
    ],
  },
];
