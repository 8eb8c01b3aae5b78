import type { Endpoint, Entry } from './entry.ts';
import {
  boolean,
  code,
  decimal,
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

const key: Fields = {
  accountGroup: field(integer(), 'documents 3.10'),
  email: field(text('any'), 'documents 3.10'),
  expireTime: field(integer(-1), 'documents 3.10'),
  allowedIps: field(list(text('any')), 'documents 3.10'),
  ...alike(list(text('account')), 'documents 3.10', 'cashAccount', 'marginAccount'),
  futuresAccount: field(list(text('account')), 'documents 3.10'),
  userUID: field(text('user'), 'documents 3.10', 'documents 5.1'),
  ...alike(boolean, 'documents 3.10', 'viewPermission', 'tradePermission', 'transferPermission'),
};

const rates = object(alike(decimal, 'documents 3.11', 'maker', 'taker'));
const fees = list(
  object({ symbol: field(text('symbol'), 'documents 3.11'), fee: field(rates, 'documents 3.11') }),
);
const customer: Fields = {
  domain: field(words('spot'), 'documents 3.11'),
  userUID: field(text('user'), 'documents 3.11'),
  vipLevel: field(integer(), 'documents 3.11'),
};
const schedule = object({
  ...customer,
  genericFee: field(
    object({ largeCap: field(rates, 'documents 3.11'), smallCap: field(rates, 'documents 3.11') }),
    'documents 3.11',
  ),
});

const balance: Fields = {
  asset: field(text('asset'), 'documents 3.12'),
  ...alike(decimal, 'documents 3.12', 'totalBalance', 'availableBalance'),
};
const margin: Fields = { ...balance, ...alike(words('0'), 'documents 3.20', 'borrowed', 'interest') };

const risk = object({
  accountMaxLeverage: field(words('10'), 'documents 3.20'),
  ...alike(decimal, 'documents 3.20', 'availableBalanceInUSDT', 'totalBalanceInUSDT'),
  ...alike(words('0'), 'documents 3.20', 'totalBorrowedInUSDT', 'totalInterestInUSDT'),
  netBalanceInUSDT: field(decimal, 'documents 3.20'),
  pointsBalance: field(words('0'), 'documents 3.20'),
  currentLeverage: field(words('1'), 'documents 3.20'),
  cushion: field(words('-1'), 'documents 3.20', 'choice: nothing is borrowed here'),
});
const riskForm = success('margin', risk, 'documents 3.20');

const transferred: Entry = {
  name: 'transfer',
  marks: ['code', '!reason'],
  fields: { code: field(words(0), 'documents 3.20') },
};
const transfer = { signed: ['transfer'], forms: [transferred], refusals: ['plain'] } as const;

const deposit = object({
  asset: field(text('asset'), 'documents 3.20'),
  assetName: field(text('any'), 'choice: as the list of assets has it'),
  address: field(
    list(
      object({
        address: field(text('any'), 'choice: the answer is described by its parameters only'),
        blockchain: field(text('any'), 'documents 3.20', 'documents list 22'),
        chainName: field(text('any'), 'client ccxt 22'),
        destTag: field(words(''), 'choice: no chain has tags here'),
        tagId: field(words('destTag'), 'choice: no chain has tags here'),
      }),
    ),
    'documents 3.20',
    'client ccxt 22',
  ),
});

const wallet = 'documents 3.20';
const walletChoice = 'choice: nothing leaves this exchange, and nothing comes';
const transaction: Fields = {
  asset: field(text('asset'), wallet),
  amount: field(decimal, 'choice: the answer is described by its parameters only'),
  commission: field(words('0'), walletChoice),
  destAddress: field(
    object({ address: field(text('any'), walletChoice), destTag: field(words(''), walletChoice) }),
    walletChoice,
  ),
  networkTransactionId: field(text('any'), walletChoice),
  ...alike(integer(), walletChoice, 'numConfirmations', 'numConfirmed'),
  requestId: field(text('any'), walletChoice),
  status: field(words('confirmed'), wallet),
  time: field(time, 'client ccxt 22'),
  transactionType: field(words('deposit', 'withdrawal'), wallet, 'client ccxt 22'),
};
const transactions = object({
  data: field(list(object(transaction)), wallet),
  hasNext: field(words(true, false), walletChoice),
  page: field(integer(1), wallet),
  pageSize: field(integer(1), wallet),
});

const data13 = 'documents 3.13';
const metaOf = (category: string): Fields => ({
  ac: field(words(category), data13),
  accountId: field(text('account'), data13),
});
const snapshotOf = (category: string): Entry => ({
  name: 'balance snapshot',
  marks: ['meta', 'snapshot', '!code'],
  fields: {
    meta: field(
      object({ ...metaOf(category), sn: field(integer(), data13), snapshotTime: field(time, data13) }),
      data13,
      'documents list 21',
    ),
    snapshot: field(
      list(object({ asset: field(text('asset'), data13), totalBalance: field(decimal, data13) })),
      data13,
      'documents list 21',
    ),
  },
});
const line: Fields = { asset: field(text('asset'), data13), curBalance: field(decimal, data13) };
const moved: Fields = {
  sn: field(integer(1), data13, 'client Hummingbot 21'),
  transactTime: field(time, data13),
};
const delta = field(text('signedDecimal'), data13);
const fill: Fields = {
  data: field(
    list(object({ ...line, dataType: field(words('trade', 'fee'), data13), deltaQty: delta })),
    data13,
    'documents list 35',
  ),
  liquidityInd: field(words('RemovedLiquidity', 'AddedLiquidity'), data13),
  orderId: field(text('orderId'), data13),
  orderType: field(words('Limit', 'Market', 'StopLimit', 'StopMarket'), data13),
  side: field(words('Buy', 'Sell'), data13),
  ...moved,
};
const historyOf = (category: string, fills: Fields, ...events: readonly string[]): Entry => ({
  name: 'balance history',
  marks: ['meta', 'order', '!code'],
  fields: {
    meta: field(object(metaOf(category)), data13),
    order: field(list(object(fills)), data13),
    balance: field(
      list(
        object({
          data: field(list(object({ ...line, deltaQty: delta })), data13),
          eventType: field(words(...events), data13),
          ...moved,
        }),
      ),
      data13,
    ),
  },
  differences: [
    {
      from: data13,
      what: 'the order of the fields of an item; items are oldest first',
      why: 'the table shows no order of fields, and no order of items is promised',
    },
  ],
});
const histories = {
  cash: historyOf('cash', fill, 'deposit', 'withdrawal', 'transfer'),
  margin: historyOf('margin', {}, 'transfer'),
};

/** The ordinary refusal. */
export const plainRefusal: Entry = {
  name: 'refusal',
  marks: ['code', 'reason', 'message', '!status'],
  fields: {
    code: field(code, 'documents 1.3', 'documents 8'),
    reason: field(text('prose'), 'documents 1.3', 'documents 8'),
    message: field(text('prose'), 'documents 1.3', 'client ccxt 10'),
  },
  statuses: [200, 401, 403],
  differences: [
    {
      from: 'documents 8',
      what: 'HTTP 200 for a refused signature as well',
      why: 'coded errors were seen so; `authErrorHttpStatus` switches it',
    },
  ],
};

/** More requests than the data service takes. */
export const crowdRefusal: Entry = {
  ...plainRefusal,
  name: 'refusal by the data service',
  fields: {
    ...plainRefusal.fields,
    code: field(words(429), 'documents 8', 'choice balanceHistoryRequests'),
    reason: field(words('TOO_MANY_REQUESTS'), 'choice: the venue answered with an error page'),
  },
  statuses: [429],
  differences: [
    {
      from: data13,
      what: 'JSON, where the venue had an error page of its network',
      why: 'only the status is known; the fault `error-page` answers with a page',
    },
  ],
};

/** What may be answered whatever was asked for. */
export const anywhere: readonly Entry[] = [
  {
    ...plainRefusal,
    name: 'no such path',
    fields: {
      code: field(words(404), 'choice: the venue answered with an error page'),
      reason: field(words('NOT_FOUND'), 'choice: the venue answered with an error page'),
      message: field(text('prose'), 'choice: the venue answered with an error page'),
    },
    statuses: [404],
    differences: [
      {
        from: 'documents 8',
        what: 'JSON with HTTP 404',
        why: 'the venue is not known to answer so; a private path without account group is one too',
      },
    ],
  },
  {
    ...plainRefusal,
    name: 'URL too long',
    fields: {
      code: field(words(414), 'documents 1.2'),
      reason: field(words('URI_TOO_LONG'), 'choice: only the status is known'),
      message: field(text('prose'), 'choice: only the status is known'),
    },
    statuses: [414],
    differences: [],
  },
  {
    ...plainRefusal,
    name: 'server error',
    fields: {
      code: field(words(510001), 'documents 8'),
      reason: field(words('SERVER_ERROR'), 'documents 8'),
      message: field(text('prose'), 'documents 8'),
    },
    statuses: [500],
    differences: [],
  },
];

const plain = ['plain'] as const;
const twice = ['plain', 'crowd'] as const;

/** What a customer may ask and do, orders aside. */
export const accountEndpoints: readonly Endpoint[] = [
  {
    ...{ method: 'GET', path: '/api/pro/v1/info', signed: ['info'], evidence: ['documents 3.10'] },
    ...{ forms: [success('key', object(key), 'documents 3.10')], refusals: plain },
  },
  {
    ...{ method: 'GET', path: '/~/api/pro/v1/spot/fee', signed: ['fee'], evidence: ['documents 3.11'] },
    forms: [
      success(
        'fees',
        object({
          ...customer,
          productFee: field(fees, 'documents 3.11'),
          fees: field(fees, 'client ccxt 11', 'client Hummingbot 11'),
        }),
        'documents 3.11',
      ),
    ],
    refusals: plain,
    differences: [
      {
        from: 'documents 3.11',
        what: 'the list is there under both names',
        why: 'documents have `productFee`, and two known clients read `fees`',
      },
    ],
  },
  {
    ...{ method: 'GET', path: '/~/api/pro/v1/spot/fee/info', signed: ['fee', 'fee/info'] },
    ...{ evidence: ['documents 3.11'], forms: [success('fee schedule', schedule, 'documents 3.11')] },
    refusals: plain,
  },
  {
    ...{ method: 'GET', path: '/~/api/pro/v1/cash/balance', signed: ['balance'], refusals: plain },
    evidence: ['documents 3.12'],
    forms: [success('balances', list(object(balance)), 'documents 3.12')],
  },
  {
    ...{ method: 'GET', path: '/~/api/pro/v1/margin/balance', signed: ['balance'], refusals: plain },
    evidence: ['documents 3.20'],
    forms: [success('balances on margin', list(object(margin)), 'documents 3.20')],
  },
  { ...transfer, method: 'POST', path: '/~/api/pro/v1/transfer', evidence: ['documents 3.20'] },
  {
    ...{ ...transfer, method: 'POST', path: '/~/api/pro/transfer' },
    evidence: ['choice: a known client leaves the version out'],
  },
  ...(['GET', 'POST'] as const).map(
    (method): Endpoint => ({
      ...{ method, path: '/~/api/pro/v1/margin/risk', signed: ['margin/risk'] },
      ...{ evidence: ['documents 3.20'], forms: [riskForm], refusals: plain },
    }),
  ),
  ...['subuser-transfer', 'subuser-transfer-hist'].map(
    (name): Endpoint => ({
      ...{ method: 'POST', path: `/~/api/pro/v2/subuser/${name}`, signed: [name] },
      ...{ evidence: ['documents 3.20'], forms: [], refusals: plain },
      differences: [
        {
          from: 'documents 3.20',
          what: 'always refused',
          why: 'no customer here has accounts below the own one',
        },
      ],
    }),
  ),
  {
    ...{ method: 'GET', path: '/api/pro/v1/wallet/deposit/address', signed: ['wallet/deposit/address'] },
    ...{ evidence: ['documents 3.20', 'client ccxt 22'], refusals: plain },
    forms: [success('addresses', deposit, 'documents 3.20')],
    differences: [
      {
        from: 'documents 3.20',
        what: 'each address names its chain twice',
        why: 'documents have `blockchain`, and a known client reads `chainName`',
      },
    ],
  },
  {
    ...{ method: 'GET', path: '/api/pro/v1/wallet/transactions', signed: ['wallet/transactions'] },
    ...{ evidence: ['documents 3.20', 'client ccxt 22'], refusals: plain },
    forms: [success('transactions', transactions, 'documents 3.20')],
    differences: [
      { from: 'documents 3.20', what: 'all are confirmed at once', why: 'nothing comes over a chain here' },
    ],
  },
  ...(['cash', 'margin'] as const).flatMap((category): readonly Endpoint[] =>
    (['snapshot', 'history'] as const).map((name) => ({
      ...{ method: 'GET', path: `/api/pro/data/v1/${category}/balance/${name}`, refusals: twice },
      signed: [`data/v1/${category}/balance/${name}`],
      evidence: ['documents 3.13', 'documents 2.2'],
      forms: [name === 'snapshot' ? snapshotOf(category) : histories[category]],
    })),
  ),
];
