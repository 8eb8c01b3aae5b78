import { VenueError } from '@venuekit/connector-core';
import { describeValue } from './excerpt.ts';
import { venueId } from './venue.ts';

/** Where the venue lives: origins without a path. Both can be replaced, for a simulator or a sandbox. */
export interface VenueOrigins {
  /** Origin of the REST interface. */
  readonly restUrl: string;
  /** Origin of the WebSocket stream; {@link streamPath} comes behind it. */
  readonly streamUrl: string;
}

/** Production. Source: docs, "RESTful APIs" and "WebSocket". */
export const productionEndpoints: VenueOrigins = {
  restUrl: 'https://ascendex.com',
  streamUrl: 'wss://ascendex.com',
};

/** One endpoint of the REST interface. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path after the origin; `<group>` stands for the number of the account group. */
  readonly path: string;
  /** `signed` needs the three `x-auth-…` headers. */
  readonly auth: 'public' | 'signed';
  /** The part of the path that is signed; `undefined` for public endpoints. Shorter than the path by the venue's own rules. */
  readonly prehash: string | undefined;
  /** True if the path begins with the account group. */
  readonly groupInPath: boolean;
}

type Method = Endpoint['method'];

function open(path: string): Endpoint {
  return { method: 'GET', path, auth: 'public', prehash: undefined, groupInPath: false };
}

function signed(method: Method, path: string, prehash: string): Endpoint {
  return { method, path, auth: 'signed', prehash, groupInPath: path.startsWith('/<group>/') };
}

/** Name of an endpoint. */
export type EndpointName =
  | 'assets'
  | 'products'
  | 'legacyProducts'
  | 'ticker'
  | 'barIntervals'
  | 'bars'
  | 'depth'
  | 'trades'
  | 'riskLimitInfo'
  | 'legacyRiskLimitInfo'
  | 'exchangeInfo'
  | 'accountInfo'
  | 'fees'
  | 'genericFees'
  | 'balance'
  | 'placeOrder'
  | 'cancelOrder'
  | 'cancelAll'
  | 'placeBatch'
  | 'cancelBatch'
  | 'orderStatus'
  | 'openOrders'
  | 'recentOrders'
  | 'orderHistory'
  | 'balanceSnapshot'
  | 'balanceHistory';

/**
 * The endpoints of a spot (cash) account by name. Transfers, withdrawals, margin and sub-accounts are left out on purpose.
 *
 * Source: docs, "Sign a Request" for the prehash paths, and the section of each endpoint.
 */
export const endpoints: Readonly<Record<EndpointName, Endpoint>> = {
  /** Assets with their chains. */
  assets: open('/api/pro/v2/assets'),
  /** Spot products with their trading rules. */
  products: open('/api/pro/v1/cash/products'),
  /** The older product list, without size bounds. */
  legacyProducts: open('/api/pro/v1/products'),
  /** Summaries of 24 hours. */
  ticker: open('/api/pro/v1/spot/ticker'),
  /** Names and lengths of the bar intervals. */
  barIntervals: open('/api/pro/v1/barhist/info'),
  /** Bars. */
  bars: open('/api/pro/v1/barhist'),
  /** Order book. */
  depth: open('/api/pro/v1/depth'),
  /** Public trades. */
  trades: open('/api/pro/v1/trades'),
  /** Limits and bans of the caller's IP. */
  riskLimitInfo: open('/api/pro/v2/risk-limit-info'),
  /** The older form of `riskLimitInfo`. */
  legacyRiskLimitInfo: open('/api/pro/v1/risk-limit-info'),
  /** The venue's clock. */
  exchangeInfo: open('/api/pro/v1/exchange-info'),
  /** Account group, user id and permissions. */
  accountInfo: signed('GET', '/api/pro/v1/info', 'info'),
  /** Fees by symbol. */
  fees: signed('GET', '/<group>/api/pro/v1/spot/fee', 'fee'),
  /** Fees by class of asset. */
  genericFees: signed('GET', '/<group>/api/pro/v1/spot/fee/info', 'fee'),
  /** Balances. */
  balance: signed('GET', '/<group>/api/pro/v1/cash/balance', 'balance'),
  /** Places one order. */
  placeOrder: signed('POST', '/<group>/api/pro/v1/cash/order', 'order'),
  /** Cancels one order. The body is JSON, as that of every `DELETE` here. */
  cancelOrder: signed('DELETE', '/<group>/api/pro/v1/cash/order', 'order'),
  /** Cancels all orders, or all of one symbol. */
  cancelAll: signed('DELETE', '/<group>/api/pro/v1/cash/order/all', 'order/all'),
  /** Places up to ten orders. */
  placeBatch: signed('POST', '/<group>/api/pro/v1/cash/order/batch', 'order/batch'),
  /** Cancels several orders. */
  cancelBatch: signed('DELETE', '/<group>/api/pro/v1/cash/order/batch', 'order/batch'),
  /** Orders by their ids. */
  orderStatus: signed('GET', '/<group>/api/pro/v1/cash/order/status', 'order/status'),
  /** Open orders. */
  openOrders: signed('GET', '/<group>/api/pro/v1/cash/order/open', 'order/open'),
  /** Orders that ended recently. */
  recentOrders: signed('GET', '/<group>/api/pro/v1/cash/order/hist/current', 'order/hist/current'),
  /** Orders that ended in the last 30 days or more. */
  orderHistory: signed('GET', '/api/pro/data/v2/order/hist', 'data/v2/order/hist'),
  /** Balances at the start of a day. */
  balanceSnapshot: signed('GET', '/api/pro/data/v1/cash/balance/snapshot', 'data/v1/cash/balance/snapshot'),
  /** Changes of balances, fill by fill. */
  balanceHistory: signed('GET', '/api/pro/data/v1/cash/balance/history', 'data/v1/cash/balance/history'),
};

/** What is signed when a stream authenticates, by header or by message. Source: docs, "WSS Authenticate". */
export const streamPrehash = 'stream';

/** Where an account lives in a path. */
export interface GroupOptions {
  /** Number of the account group, from `endpoints.accountInfo`. */
  readonly group?: number;
}

/**
 * The path of an endpoint.
 * @throws VenueError `invalid-request` if the endpoint needs an account group and none, or an impossible one, is given.
 */
export function endpointPath(name: EndpointName, options: GroupOptions = {}): string {
  const { path, groupInPath } = endpoints[name];
  return groupInPath ? path.replace('<group>', checkedGroup(options.group, name)) : path;
}

/**
 * The path of the stream. Public data is the same on every group; the documented samples use 0, which is the default here.
 * Private data needs the account's own group. Source: docs, "WebSocket".
 * @throws VenueError `invalid-request` for an impossible group.
 */
export function streamPath(options: GroupOptions = {}): string {
  return `/${checkedGroup(options.group ?? 0, 'streamPath')}/api/pro/v1/stream`;
}

function checkedGroup(group: number | undefined, operation: string): string {
  if (group !== undefined && Number.isSafeInteger(group) && group >= 0) return String(group);
  throw new VenueError({
    code: 'invalid-request',
    venue: venueId,
    operation,
    message: `group: expected the account group, a whole number from 0, got ${describeValue(group)}`,
  });
}
