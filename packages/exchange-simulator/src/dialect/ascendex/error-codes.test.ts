import { expect, test } from 'vitest';
import { refusals } from './error-codes.ts';

/** The venue's table, as far as this dialect uses it. */
const documented: Readonly<Record<number, string>> = {
  100001: 'INVALID_HTTP_INPUT',
  100002: 'DATA_NOT_AVAILABLE',
  100004: 'INVALID_REQUEST_DATA',
  100005: 'INVALID_WS_REQUEST_DATA',
  100008: 'SYMBOL_ERROR',
  100009: 'AUTHORIZATION_NEEDED',
  100010: 'INVALID_OPERATION',
  100011: 'INVALID_TIMESTAMP',
  150001: 'INVALID_JSON_FORMAT',
  200001: 'AUTHENTICATION_FAILED',
  200002: 'TOO_MANY_ATTEMPTS',
  200006: 'ACCOUNT_ERROR',
  200015: 'PERMISSION_DENIED',
  300001: 'INVALID_PRICE',
  300002: 'INVALID_QTY',
  300003: 'INVALID_SIDE',
  300004: 'INVALID_NOTIONAL',
  300005: 'INVALID_TYPE',
  300006: 'INVALID_ORDER_ID',
  300007: 'INVALID_TIME_IN_FORCE',
  300008: 'INVALID_ORDER_PARAMETER',
  300011: 'INVALID_BALANCE',
  300012: 'INVALID_PRODUCT',
  300013: 'INVALID_BATCH_ORDER',
  300020: 'TRADING_RESTRICTED',
  300031: 'NO_MARKET_PRICE',
  310002: 'INVALID_MARGIN_ACCOUNT',
  510001: 'SERVER_ERROR',
};

/** Not in the table: seen by clients, and what they call it, or what a sample hints at. */
const seen: Readonly<Record<number, string>> = {
  100014: 'MAX_REQ_COUNT_PER_IP',
  300014: 'TICK_SIZE_VIOLATION',
  300019: 'INVALID_CANCEL',
};

test('documented, and three that clients have seen: every code has its reason, and no code is there twice', () => {
  const given = Object.values(refusals).map(({ code, reason }) => [String(code), reason]);
  expect(Object.fromEntries(given)).toEqual({ ...documented, ...seen });
  expect(given.length).toBe(new Set(given.map(([code]) => code)).size);
});
