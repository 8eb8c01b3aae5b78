/** A refusal as the venue names it. */
export interface AscendexError {
  readonly code: number;
  readonly reason: string;
}

/** What this dialect calls the refusals that it can give. */
export type RefusalName =
  | 'httpInput'
  | 'noData'
  | 'argument'
  | 'stream'
  | 'symbol'
  | 'authorization'
  | 'operation'
  | 'timestamp'
  | 'ban'
  | 'json'
  | 'authentication'
  | 'tooManyAttempts'
  | 'account'
  | 'permission'
  | 'price'
  | 'size'
  | 'side'
  | 'notional'
  | 'orderType'
  | 'orderId'
  | 'timeInForce'
  | 'parameter'
  | 'balance'
  | 'product'
  | 'batch'
  | 'tick'
  | 'cancel'
  | 'restricted'
  | 'noMarketPrice'
  | 'marginAccount'
  | 'server';

/**
 * Refusals by their names here. The venue's table has no reason for 300014 and 300019, and 100014 only in a sample: theirs are clients' words
 * and ours.
 */
export const refusals: Readonly<Record<RefusalName, AscendexError>> = {
  httpInput: { code: 100001, reason: 'INVALID_HTTP_INPUT' },
  noData: { code: 100002, reason: 'DATA_NOT_AVAILABLE' },
  argument: { code: 100004, reason: 'INVALID_REQUEST_DATA' },
  stream: { code: 100005, reason: 'INVALID_WS_REQUEST_DATA' },
  symbol: { code: 100008, reason: 'SYMBOL_ERROR' },
  authorization: { code: 100009, reason: 'AUTHORIZATION_NEEDED' },
  operation: { code: 100010, reason: 'INVALID_OPERATION' },
  timestamp: { code: 100011, reason: 'INVALID_TIMESTAMP' },
  ban: { code: 100014, reason: 'MAX_REQ_COUNT_PER_IP' },
  json: { code: 150001, reason: 'INVALID_JSON_FORMAT' },
  authentication: { code: 200001, reason: 'AUTHENTICATION_FAILED' },
  tooManyAttempts: { code: 200002, reason: 'TOO_MANY_ATTEMPTS' },
  account: { code: 200006, reason: 'ACCOUNT_ERROR' },
  permission: { code: 200015, reason: 'PERMISSION_DENIED' },
  price: { code: 300001, reason: 'INVALID_PRICE' },
  size: { code: 300002, reason: 'INVALID_QTY' },
  side: { code: 300003, reason: 'INVALID_SIDE' },
  notional: { code: 300004, reason: 'INVALID_NOTIONAL' },
  orderType: { code: 300005, reason: 'INVALID_TYPE' },
  orderId: { code: 300006, reason: 'INVALID_ORDER_ID' },
  timeInForce: { code: 300007, reason: 'INVALID_TIME_IN_FORCE' },
  parameter: { code: 300008, reason: 'INVALID_ORDER_PARAMETER' },
  balance: { code: 300011, reason: 'INVALID_BALANCE' },
  product: { code: 300012, reason: 'INVALID_PRODUCT' },
  batch: { code: 300013, reason: 'INVALID_BATCH_ORDER' },
  tick: { code: 300014, reason: 'TICK_SIZE_VIOLATION' },
  cancel: { code: 300019, reason: 'INVALID_CANCEL' },
  restricted: { code: 300020, reason: 'TRADING_RESTRICTED' },
  noMarketPrice: { code: 300031, reason: 'NO_MARKET_PRICE' },
  marginAccount: { code: 310002, reason: 'INVALID_MARGIN_ACCOUNT' },
  server: { code: 510001, reason: 'SERVER_ERROR' },
};
