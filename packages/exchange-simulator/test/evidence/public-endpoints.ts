import type { Endpoint, Entry } from './entry.ts';
import {
  boolean,
  decimal,
  either,
  type Field,
  type Fields,
  type FieldType,
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

/** The ordinary success. */
export function success(name: string, data: FieldType, ...evidence: readonly string[]): Entry {
  const fields = { code: field(words(0), 'documents 1.3'), data: field(data, ...evidence) };
  return { name, marks: ['code', 'data'], fields };
}

/** Fields of one type and evidence. */
export function alike(type: FieldType, evidence: string, ...names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, field(type, evidence)]));
}

const plain = ['plain'] as const;
const open = { method: 'GET', signed: [], refusals: [] } as const;

const asset = (scale: Field): Fields => ({
  ...alike(text('any'), 'documents 3.1', 'assetCode', 'assetName'),
  precisionScale: field(words(9), 'documents 1.4', 'documents 3.1'),
  nativeScale: scale,
});
const scale = field(words(9), 'documents 3.1', 'choice: as many decimals as balances have');
const chain = {
  chainName: field(text('any'), 'documents 3.1'),
  withdrawFee: field(decimal, 'documents 3.1'),
  ...alike(boolean, 'documents 3.1', 'allowDeposit', 'allowWithdraw'),
  ...alike(decimal, 'documents 3.1', 'minDepositAmt', 'minWithdrawal'),
  numConfirmations: field(integer(1), 'documents 3.1'),
};
const oldAsset = {
  ...asset(scale),
  ...alike(decimal, 'choice: the older list is not described any more', 'withdrawalFee', 'minWithdrawalAmt'),
  status: field(words('Normal'), 'choice: the older list is not described any more'),
};

const legacy = (name: string): Field => field(text(name === 'symbol' ? 'anySymbol' : 'any'), 'recorded');

/** A product in the form that was recorded. */
export const legacyProduct: Fields = {
  ...Object.fromEntries(
    ['symbol', 'displayName', 'baseAsset', 'quoteAsset', 'status'].map((name) => [name, legacy(name)]),
  ),
  ...alike(decimal, 'recorded', 'minNotional', 'maxNotional'),
  marginTradable: field(boolean, 'recorded'),
  commissionType: field(words('Quote', 'Base', 'Received'), 'recorded', 'documents 3.2'),
  ...alike(decimal, 'recorded', 'commissionReserveRate', 'tickSize', 'lotSize'),
};

const cashProduct = {
  ...alike(text('symbol'), 'documents 3.2', 'symbol', 'displayName'),
  domain: field(text('asset'), 'documents 3.2'),
  tradingStartTime: field(time, 'documents 3.2'),
  collapseDecimals: field(text('decimals'), 'documents 3.2'),
  ...alike(decimal, 'documents 3.2', 'minQty', 'maxQty', 'minNotional', 'maxNotional'),
  statusCode: field(words('Normal'), 'documents 3.2'),
  statusMessage: field(words(''), 'documents 3.2'),
  tickSize: field(decimal, 'documents 3.2'),
  useTick: field(words(false), 'documents 3.2', 'documents 4.1'),
  priceScale: field(integer(), 'documents 3.2'),
  lotSize: field(decimal, 'documents 3.2'),
  useLot: field(words(false), 'documents 3.2', 'documents 4.1'),
  qtyScale: field(integer(), 'documents 3.2'),
  notionalScale: field(integer(), 'documents 3.2'),
  commissionType: field(words('Quote', 'Base', 'Received'), 'documents 3.2', 'documents 4.3'),
  commissionReserveRate: field(decimal, 'documents 3.2', 'documents 4.3'),
};

const noTrade = 'nothing was traded in the last day, as far as is known';
const ticker = object({
  symbol: field(text('symbol'), 'documents 3.3'),
  ...Object.fromEntries(
    ['open', 'close', 'high', 'low', 'volume'].map((name) => [
      name,
      maybe(noTrade, decimal, 'documents 3.3'),
    ]),
  ),
  ask: maybe('nobody sells', pair, 'documents 3.3'),
  bid: maybe('nobody buys', pair, 'documents 3.3'),
  type: field(words('spot'), 'documents 3.3', 'client ccxt 13'),
});
const tickers = [
  success('one ticker', ticker, 'documents 3.3', 'client ccxt 13'),
  success('tickers', list(ticker), 'documents 3.3'),
];

const levels = field(list(pair), 'documents 3.6');
const depth = object({
  m: field(words('depth-snapshot'), 'documents 3.6'),
  symbol: field(text('symbol'), 'documents 3.6'),
  data: field(
    object({
      ts: field(time, 'documents 3.6'),
      seqnum: field(integer(), 'documents 3.6', 'client ccxt 17'),
      ...{ asks: levels, bids: levels },
    }),
    'documents 3.6',
  ),
});
const trade = object({
  ...alike(decimal, 'documents 3.7', 'p', 'q'),
  ts: field(time, 'documents 3.7'),
  bm: field(boolean, 'documents 3.7', 'client tardis 16'),
  seqnum: field(integer(1), 'documents 3.7', 'documents list 15'),
});
const trades = object({
  m: field(words('trades'), 'documents 3.7'),
  symbol: field(text('symbol'), 'documents 3.7'),
  data: field(list(trade), 'documents 3.7'),
});
const asOnStream = (what: string) => ({
  from: what,
  what: '`ts` first, and `seqnum` where the stream has it',
  why: 'the description names the fields without their order, and the stream was recorded so',
});

const bar = object({
  m: field(words('bar'), 'documents 3.5'),
  s: field(text('symbol'), 'documents 3.5'),
  data: field(
    object({
      i: field(text('any'), 'documents 3.5', 'documents 9'),
      ts: field(time, 'documents 3.5'),
      ...alike(decimal, 'documents 3.5', 'o', 'h', 'l', 'c', 'v'),
    }),
    'documents 3.5',
  ),
});
const interval = {
  name: field(text('any'), 'documents 3.4'),
  intervalInMillis: field(integer(1), 'documents 3.4'),
};

const ban = {
  isBanned: field(words(true, false), 'documents 3.8'),
  bannedUntil: field(integer(-1), 'documents 3.8'),
  violationCode: field(words(0, 100014), 'documents 3.8'),
  reason: field(either(words(''), text('prose')), 'documents 3.8', 'documents 7.9'),
};
const number = (name: string): Field => field(integer(1), 'documents 7.9', `choice ${name}`);
const ip = field(text('any'), 'documents 3.8');
const oldRisk = object({
  ip,
  webSocket: field(
    object({
      windowSizeInMinutes: number('limits.connectWindowMs'),
      maxNumRequests: number('limits.connects'),
      maxSessionPerIp: number('limits.sessionsPerAddress'),
      ...ban,
    }),
    'documents 3.8',
  ),
});
const operations = object(alike(integer(1), 'documents 7.9', 'auth', 'ping', 'pong', 'sub', 'unsub', 'req'));
const requests = object(
  alike(
    integer(1),
    'documents 7.9',
    ...['place_order', 'cancel_order', 'cancel_all', 'batch_place_order', 'batch_cancel_order'],
    ...['depth_snapshot', 'depth_snapshot_top100', 'market_trades', 'balance', 'open_order', 'margin_risk'],
    ...['futures_account_snapshot', 'futures_open_orders'],
  ),
);
const risk = object({
  ip,
  webSocket: field(
    object({
      status: field(object(ban), 'documents 3.8'),
      limits: field(
        object({
          maxWebSocketSessionsPerIpAccountGroup: number('limits.sessionsPerGroup'),
          maxWebSocketSessionsPerIpTotal: number('limits.sessionsPerAddress'),
        }),
        'documents 3.8',
      ),
      messageThreshold: field(
        object({
          level1OpThreshold: field(operations, 'documents 7.9', 'choice limits.admin'),
          level2OpThreshold: field(operations, 'documents 7.9', 'choice limits.stream'),
          level1ReqThreshold: field(requests, 'documents 7.9', 'choice limits.orders'),
          level2ReqThreshold: field(requests, 'documents 7.9', 'choice limits.snapshots'),
        }),
        'documents 3.8',
        'documents list 58',
      ),
    }),
    'documents 3.8',
  ),
});
const latency = object({
  requestTimeEcho: field(integer(), 'documents 3.9'),
  requestReceiveAt: field(time, 'documents 3.9', 'client ccxt 26'),
  latency: field(integer(), 'documents 3.9'),
});
const emptyList = (name: string): Entry => success(name, list(object({})), 'client ccxt 12');
const empty = [
  { from: 'client ccxt 12', what: 'always empty', why: 'nothing is traded on margin here, and no futures' },
];

/** What everybody may ask for. */
export const publicEndpoints: readonly Endpoint[] = [
  {
    ...{ ...open, path: '/api/pro/v1/assets', evidence: ['documents 3.1'] },
    forms: [success('older assets', list(object(oldAsset)), 'documents 3.1')],
    differences: [
      {
        from: 'documents 3.1',
        what: 'fees and bounds stand for all chains together',
        why: 'the list is said to be there still, and is not described',
      },
    ],
  },
  {
    ...{ ...open, path: '/api/pro/v2/assets', evidence: ['documents 3.1'] },
    forms: [
      success(
        'assets',
        list(object({ ...asset(scale), blockChain: field(list(object(chain)), 'documents 3.1') })),
        'documents 3.1',
      ),
    ],
  },
  {
    ...{ ...open, path: '/api/pro/v1/products', evidence: ['recorded', 'client ccxt 12'] },
    forms: [success('older products', list(object(legacyProduct)), 'recorded')],
  },
  {
    ...{ ...open, path: '/api/pro/v1/cash/products', evidence: ['documents 3.2'] },
    forms: [success('products', list(object(cashProduct)), 'documents 3.2')],
  },
  {
    ...{ ...open, path: '/api/pro/v1/margin/products', evidence: ['client ccxt 12'] },
    ...{ forms: [emptyList('margin products')], differences: empty },
  },
  {
    ...{ ...open, path: '/api/pro/v2/futures/contract', evidence: ['client ccxt 12'] },
    ...{ forms: [emptyList('contracts')], differences: empty },
  },
  {
    ...{ ...open, path: '/api/pro/v1/spot/ticker', evidence: ['documents 3.3', 'client Hummingbot 13'] },
    ...{ forms: tickers, refusals: plain },
  },
  {
    ...{ ...open, path: '/api/pro/v1/ticker', evidence: ['documents 3.3', 'client ccxt 13'] },
    ...{ forms: tickers, refusals: plain },
    differences: [
      { from: 'documents 3.3', what: 'no perpetuals among them', why: 'there are no futures here' },
    ],
  },
  {
    ...{ ...open, path: '/api/pro/v1/depth', evidence: ['documents 3.6'], refusals: plain },
    forms: [success('book', depth, 'documents 3.6')],
    differences: [asOnStream('documents 3.6')],
  },
  {
    ...{ ...open, path: '/api/pro/v1/trades', evidence: ['documents 3.7'], refusals: plain },
    forms: [success('trades', trades, 'documents 3.7')],
    differences: [asOnStream('documents 3.7')],
  },
  {
    ...{ ...open, path: '/api/pro/v1/barhist/info', evidence: ['documents 3.4'] },
    forms: [success('bar intervals', list(object(interval)), 'documents 3.4')],
  },
  {
    ...{ ...open, path: '/api/pro/v1/barhist', evidence: ['documents 3.5'], refusals: plain },
    forms: [success('bars', list(bar), 'documents 3.5')],
  },
  {
    ...{ ...open, path: '/api/pro/v1/exchange-info', evidence: ['documents 3.9'], refusals: plain },
    forms: [success('clock', latency, 'documents 3.9')],
  },
  {
    ...{ ...open, path: '/api/pro/v1/risk-limit-info', evidence: ['documents 3.8', 'client Hummingbot 3.8'] },
    forms: [success('older limits', oldRisk, 'documents 3.8')],
    differences: [
      {
        from: 'documents 7.9',
        what: 'the sessions of an address that are enforced, 300, where the sample has 30',
        why: 'it tells the limit that holds, which the newer form says otherwise',
      },
    ],
  },
  {
    ...{ ...open, path: '/api/pro/v2/risk-limit-info', evidence: ['documents 3.8'] },
    forms: [success('limits', risk, 'documents 3.8')],
  },
];
