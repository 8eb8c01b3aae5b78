import type { Decimal } from './decimal.ts';
import type { Feed } from './feed.ts';
import type { EventTimes } from './market-data.ts';

/** What an account has of one asset. */
export interface Balance extends EventTimes {
  readonly asset: string;
  /** All of it. */
  readonly total: Decimal;
  /** What orders may still use; the rest is held for open ones. */
  readonly available: Decimal;
}

/** The balances of an account. Iterates by asset name. A state feed: it begins with every balance, and conflates by asset. */
export interface Balances extends Iterable<Balance>, Feed<BalanceState> {
  /** How many assets there are. */
  readonly size: number;
  /** The balance of an asset; `undefined` if the account has none and never had. */
  get(asset: string): Balance | undefined;
}

/** The newest balance of an asset. */
export interface BalanceState {
  readonly kind: 'balance';
  readonly balance: Balance;
}

/** What a key may do. */
export type KeyPermission = 'read' | 'trade' | 'transfer' | 'withdraw';

/** The account behind the credentials. */
export interface Account {
  /** The venue's identifier. */
  readonly accountId: string;
  readonly permissions: readonly KeyPermission[];
  /** When the key expires, in milliseconds since the epoch; `undefined` if it does not, or the venue does not tell. */
  readonly keyExpiresAtMs: number | undefined;
  /** Addresses from which the key may be used; empty if from anywhere, `undefined` if the venue does not tell. */
  readonly allowedIps: readonly string[] | undefined;
}
