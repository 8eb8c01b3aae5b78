import { batchItem } from './account-entries.ts';
import type { Endpoint, Entry } from './entry.ts';
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
import { alike, success } from './public-endpoints.ts';

const place = 'documents 3.14';

/** An order as REST writes it. */
const record = {
  symbol: field(text('symbol'), place),
  price: field(decimalOrEmpty, place, 'documents 4.4', 'choice marketSellPrice'),
  orderQty: field(decimal, place),
  orderType: field(words('Limit', 'Market', 'StopLimit', 'StopMarket'), place, 'documents 1.7'),
  ...alike(decimal, place, 'avgPx', 'cumFee', 'cumFilledQty'),
  errorCode: field(words('', 'PostOnlyWouldTake', 'DupNewCoid'), place, 'documents 6.6'),
  feeAsset: field(text('asset'), place, 'documents 4.3'),
  lastExecTime: field(time, place),
  orderId: field(text('anyOrderId'), place, 'documents 5.2', 'worked example 5.2'),
  id: field(text('clientId'), place, 'documents 5.3'),
  seqNum: field(integer(1), place, 'documents 6.8'),
  side: field(words('Buy', 'Sell'), place),
  status: field(
    words('New', 'PartiallyFilled', 'Filled', 'Canceled', 'Rejected', 'PendingNew'),
    place,
    'documents 6.1',
    'choice waitingStopStatus',
    'choice postOnlyCrossing',
  ),
  stopPrice: field(decimalOrEmpty, place, 'documents 1.4', 'documents list 37'),
  execInst: field(words('NULL_VAL', 'Post', 'POST'), place, 'client ccxt 37', 'choice postOnlyWord'),
} satisfies Fields;
const anyOrder = {
  from: place,
  what: 'the order of the fields',
  why: 'the table groups them by type, and shows no order',
};

const account: Fields = {
  ac: field(words('CASH'), 'documents 1.3'),
  accountId: field(text('account'), 'documents 1.3'),
};

/** A success of one action. */
function acted(name: string, action: string, status: string, info: Field, section: string): Entry {
  const data = {
    ...account,
    action: field(words(action), section),
    status: field(words(status), section, 'documents list 29'),
    info,
  };
  return {
    name,
    marks: ['code', 'data.status'],
    fields: { code: field(words(0), 'documents 1.3'), data: field(object(data), section) },
  };
}

/** What an Ack says of a request. */
function ack(orderType: Field, orderId: Field, symbol: Field): Fields {
  return {
    ...{ id: field(text('clientId'), place, 'documents 5.3'), orderId, orderType, symbol },
    timestamp: field(time, place),
  };
}

const ownId = field(text('anyOrderId'), place, 'worked example 5.2');
const symbol = field(text('symbol'), place);
const kinds = field(words('Limit', 'Market', 'StopLimit', 'StopMarket'), place);
const ackInfo = ack(kinds, ownId, symbol);
const target = field(text('orderId'), 'documents 3.15');
const noType = field(words('NULL_VAL'), 'documents 3.15');
const cancelInfo = ack(field(words(''), 'documents 3.15'), target, symbol);
const allInfo = ack(
  noType,
  field(words(''), 'documents 3.15'),
  field(either(text('symbol'), words('')), 'documents 3.15'),
);
const batchCancelInfo = ack(noType, target, symbol);
const info = (fields: Fields, section: string): Field => field(object(fields), section);
const infos = (fields: Fields, section: string): Field => field(list(object(fields)), section);

const doneRecord: Fields = {
  ...record,
  status: field(words('PartiallyFilled', 'Filled', 'Canceled', 'Rejected'), place),
};
const acceptRecord: Fields = {
  ...record,
  errorCode: field(words('', 'DupNewCoid'), place),
  status: field(words('New', 'PendingNew', 'Rejected'), place),
};

/** An answer that lists orders. */
function listed(name: string, fields: Fields, section: string): Entry {
  return {
    name,
    marks: ['code', 'data'],
    fields: {
      code: field(words(0), 'documents 1.3'),
      ...account,
      data: field(list(object(fields)), section),
    },
    differences: [anyOrder],
  };
}

const foundRecord: Fields = {
  ...record,
  errorCode: field(words('', 'PostOnlyWouldTake'), place, 'documents 6.6'),
};
const statusAccount: Fields = {
  code: field(words(0), 'documents 1.3'),
  accountCategory: field(words('CASH'), 'documents 1.3'),
  accountId: field(text('account'), 'documents 1.3'),
};
const statusForms: readonly Entry[] = [
  {
    name: 'one order',
    marks: ['accountCategory', 'data'],
    fields: {
      ...statusAccount,
      data: field(object(foundRecord), 'documents 3.17', 'client Hummingbot 3.17'),
    },
    differences: [
      anyOrder,
      {
        from: 'documents 3.17',
        what: 'an object for one id, where the sample has a list',
        why: 'the text says so, and clients were answered so',
      },
    ],
  },
  {
    name: 'orders',
    marks: ['accountCategory', 'data'],
    fields: {
      ...statusAccount,
      data: field(list(object(foundRecord)), 'documents 3.17', 'choice unknownOrderInList'),
    },
    differences: [anyOrder],
  },
];

const openRecord: Fields = {
  ...record,
  orderType: field(words('Limit', 'StopLimit', 'StopMarket'), 'documents 3.18'),
  errorCode: field(words(''), 'documents 3.18'),
  status: field(words('New', 'PartiallyFilled', 'PendingNew'), 'documents 3.18', 'choice waitingStopStatus'),
};
const endedRecord: Fields = {
  ...record,
  errorCode: field(words('', 'PostOnlyWouldTake'), 'documents 6.6'),
  status: field(words('Filled', 'Canceled', 'Rejected'), 'documents 3.18', 'choice postOnlyCrossing'),
};

const old = 'documents 3.19';
const { cumFilledQty: cumQty, ...others } = endedRecord;
const oldRecord: Fields = {
  ...{ ac: field(words('CASH'), old), accountId: field(text('account'), old) },
  ...others,
  ...{ cumQty: cumQty ?? field(decimal, old), sendingTime: field(time, old) },
};
const oldHistory = success(
  'older history',
  object({
    data: field(list(object(oldRecord)), old),
    hasNext: field(words(true, false), 'choice: the older history is not described any more'),
    limit: field(words(500), 'choice: the older history is not described any more'),
    page: field(integer(1), old),
    pageSize: field(integer(1), old),
  }),
  old,
);

const historyRecord: Fields = {
  orderId: field(text('anyOrderId'), old),
  seqNum: field(integer(1), old, 'documents list 19'),
  accountId: field(text('account'), old),
  symbol: field(text('symbol'), old),
  orderType: field(words('Limit', 'Market', 'StopLimit', 'StopMarket'), old),
  side: field(words('Buy', 'Sell'), old),
  price: field(decimalOrEmpty, old, 'choice marketSellPrice'),
  stopPrice: field(decimal, old, 'documents list 37'),
  orderQty: field(decimal, old),
  status: field(words('Filled', 'Canceled', 'Rejected'), old, 'choice postOnlyCrossing'),
  createTime: field(time, old),
  lastExecTime: field(time, old),
  avgFillPrice: field(decimal, old, 'client ccxt 20'),
  fillQty: field(decimal, old, 'client ccxt 20'),
  fee: field(text('signedDecimal'), old, 'documents list 20', 'choice feeSignInHistory'),
  feeAsset: field(text('asset'), old),
};

/** What is refused about one order: everything at the top. */
export const orderRefusal: Entry = {
  name: 'refusal of an order',
  marks: ['code', 'status', 'info.id'],
  fields: {
    code: field(code, 'documents 1.3', 'documents list 33'),
    ...account,
    ac: field(words('CASH', 'MARGIN'), 'documents 1.3'),
    action: field(
      words('place-order', 'cancel-order', 'cancel-all', 'batch-place-order', 'batch-cancel-order'),
      'documents 3.14',
      'documents 3.15',
    ),
    status: field(words('Err'), 'documents 1.3', 'documents list 29'),
    message: field(text('prose'), 'documents 1.3', 'client ccxt 10'),
    reason: field(text('prose'), 'documents 1.3', 'documents 8'),
    info: field(object(alike(text('any'), place, 'id', 'symbol')), place),
  },
  differences: [
    {
      from: 'documents 3.14',
      what: '`message` before `reason`, the other way round in the sample',
      why: 'the list of envelopes has them so',
    },
  ],
};

/** What is refused about a batch. */
export const batchRefusal: Entry = {
  name: 'refusal of a batch',
  marks: ['code', 'status', 'info'],
  fields: {
    ...orderRefusal.fields,
    ac: field(words('CASH'), 'documents 1.3'),
    action: field(words('batch-place-order', 'batch-cancel-order'), 'documents 3.16'),
    info: field(list(object(batchItem())), 'documents 3.16', 'documents list 33'),
  },
};

const order = '/~/api/pro/v1/cash/order';
const seen = (section: string): readonly string[] => [section, 'documents 2.2', 'documents list 5'];

/** What is asked of orders, and told about them. */
export const orderEndpoints: readonly Endpoint[] = [
  {
    ...{ method: 'POST', path: order, signed: ['order'], evidence: seen(place) },
    forms: [
      acted('Ack', 'place-order', 'Ack', info(ackInfo, place), place),
      {
        ...acted('ACCEPT', 'place-order', 'ACCEPT', info(acceptRecord, place), place),
        differences: [anyOrder],
      },
      { ...acted('DONE', 'place-order', 'DONE', info(doneRecord, place), place), differences: [anyOrder] },
    ],
    refusals: ['plain', 'order'],
  },
  {
    ...{ method: 'DELETE', path: order, signed: ['order'], evidence: seen('documents 3.15') },
    forms: [acted('Ack', 'cancel-order', 'Ack', info(cancelInfo, 'documents 3.15'), 'documents 3.15')],
    refusals: ['plain', 'order'],
  },
  {
    ...{ method: 'DELETE', path: `${order}/all`, signed: ['order/all'], evidence: seen('documents 3.15') },
    forms: [acted('Ack', 'cancel-all', 'Ack', info(allInfo, 'documents 3.15'), 'documents 3.15')],
    refusals: ['plain', 'order'],
  },
  {
    ...{ method: 'POST', path: `${order}/batch`, signed: ['order/batch'], evidence: seen('documents 3.16') },
    forms: [acted('Ack', 'batch-place-order', 'Ack', infos(ackInfo, 'documents 3.16'), 'documents 3.16')],
    refusals: ['plain', 'batch'],
  },
  {
    ...{
      method: 'DELETE',
      path: `${order}/batch`,
      signed: ['order/batch'],
      evidence: seen('documents 3.15'),
    },
    forms: [
      acted('Ack', 'batch-cancel-order', 'Ack', infos(batchCancelInfo, 'documents 3.15'), 'documents 3.15'),
    ],
    refusals: ['plain', 'batch'],
  },
  {
    ...{ method: 'GET', path: `${order}/status`, signed: ['order/status'], evidence: seen('documents 3.17') },
    ...{ forms: statusForms, refusals: ['plain'] },
  },
  {
    ...{ method: 'GET', path: `${order}/open`, signed: ['order/open'], evidence: seen('documents 3.18') },
    ...{ forms: [listed('open orders', openRecord, 'documents 3.18')], refusals: ['plain'] },
  },
  {
    ...{ method: 'GET', path: `${order}/hist/current`, signed: ['order/hist/current'] },
    evidence: seen('documents 3.18'),
    ...{ forms: [listed('recent orders', endedRecord, 'documents 3.18')], refusals: ['plain'] },
  },
  {
    ...{ method: 'GET', path: '/~/api/pro/v1/order/hist', signed: ['order/hist', 'v2/order/hist'] },
    ...{ evidence: [old], forms: [oldHistory], refusals: ['plain'] },
    differences: [
      {
        from: old,
        what: 'names and order of the fields besides `data`, `page` and `pageSize`',
        why: 'the older history is not described any more',
      },
    ],
  },
  {
    ...{ method: 'GET', path: '/~/api/pro/v2/order/hist', signed: ['v2/order/hist', 'order/hist'] },
    ...{ evidence: ['documents 2.2'], forms: [oldHistory], refusals: ['plain'] },
    differences: [
      { from: 'documents 2.2', what: 'answers like v1', why: 'the route is not described any more' },
    ],
  },
  {
    ...{ method: 'GET', path: '/api/pro/data/v2/order/hist', signed: ['data/v2/order/hist'] },
    evidence: [old, 'documents 2.2', 'client ccxt 20'],
    forms: [success('history', list(object(historyRecord)), old)],
    refusals: ['plain'],
    differences: [
      {
        from: old,
        what: 'a fee that was charged is positive, as the table has it and the sample has not',
        why: 'both are documented; `feeSignInHistory` switches it',
      },
    ],
  },
];

const noOrders = list(object({}));
const onMargin = { ac: field(words('MARGIN'), 'documents 1.3'), accountId: account.accountId ?? noType };

/** Nothing is traded on margin here: orders are refused, and lists of them are empty. */
function toMargin({ method, path, signed, forms }: Endpoint): Endpoint {
  const [form] = forms;
  const isList = form !== undefined && method === 'GET';
  const key = path.endsWith('status') ? 'accountCategory' : 'ac';
  const fields = {
    code: field(words(0), 'documents 1.3'),
    ...{ [key]: onMargin.ac, accountId: onMargin.accountId },
    data: field(noOrders, 'documents 3.20'),
  };
  return {
    ...{
      method,
      path: path.replace('cash', 'margin'),
      signed,
      evidence: ['documents 3.20', 'documents 2.2'],
    },
    forms: isList ? [{ name: 'no orders', marks: [key, 'data'], fields }] : [],
    refusals: isList ? ['plain'] : ['plain', 'order'],
    differences: [
      { from: 'documents 3.20', what: 'no orders', why: 'nothing is traded on margin here: 310002' },
    ],
  };
}

/** The same paths of the margin account. */
export const marginOrderEndpoints: readonly Endpoint[] = orderEndpoints
  .filter(({ path }) => path.startsWith(order))
  .map(toMargin);
