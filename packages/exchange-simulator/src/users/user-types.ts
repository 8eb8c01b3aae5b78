import type { FeeRates } from '../engine/engine-types.ts';

/** A key with which a customer's programs sign. */
export interface ApiKeyOptions {
  /** 1 to 64 letters, digits, `-` and `_`; 32 letters and digits are drawn if left out. */
  readonly key?: string;
  /** 1 to 128 printable ASCII characters without spaces; 64 letters and digits are drawn if left out. */
  readonly secret?: string;
  /** May read; true if left out. */
  readonly canView?: boolean;
  /** May place and cancel orders; true if left out. */
  readonly canTrade?: boolean;
  /** May move money between accounts; true if left out. */
  readonly canTransfer?: boolean;
  /** Whole milliseconds since the epoch; never if left out. */
  readonly expiresAtMs?: number;
  /** IP addresses, of either version, from which it may be used; any if left out or empty. */
  readonly allowedIps?: readonly string[];
}

/** A customer of the exchange. Money is decimal text, from 0 up, by asset; an asset is what some listed pair has as its base or quote. */
export interface UserOptions {
  /** 1 to 64 letters and digits that no other user has; drawn as the dialect names users if left out. */
  readonly uid?: string;
  /** Which group of servers serves the user's accounts, 0 to 999; the user's place in the list, from 1, if left out. */
  readonly group?: number;
  /** Text that is not empty; made up if left out. */
  readonly email?: string;
  /** In the cash account. */
  readonly balances?: Readonly<Record<string, string>>;
  /** In the margin account. */
  readonly marginBalances?: Readonly<Record<string, string>>;
  /** The ordinary ones if left out. */
  readonly fees?: FeeRates;
  /** 0 if left out. */
  readonly vipLevel?: number;
  /** One with every right if left out. */
  readonly keys?: readonly ApiKeyOptions[];
}

/** A key as the exchange knows it. Its secret is in no property, so that nothing prints it. */
export interface ApiKey {
  readonly key: string;
  readonly canView: boolean;
  readonly canTrade: boolean;
  readonly canTransfer: boolean;
  /** Milliseconds since the epoch; `undefined` if never. */
  readonly expiresAtMs: number | undefined;
  /** Empty if any. */
  readonly allowedIps: readonly string[];
  /** The secret itself: for whoever hands it to its owner, and for signing. */
  revealSecret(): string;
}

/** A customer as the exchange knows it. */
export interface User {
  readonly uid: string;
  readonly group: number;
  readonly email: string;
  readonly vipLevel: number;
  readonly fees: FeeRates;
  /** Name of the cash account, at the desk and for the customer. */
  readonly cash: string;
  /** Name of the margin account: it holds money that was transferred there, and does not trade. */
  readonly margin: string;
  readonly keys: readonly ApiKey[];
}

/** Names of a new customer, in the form that a dialect gives them. */
export interface UserNames {
  readonly uid: string;
  readonly cash: string;
  readonly margin: string;
}

/** All customers. */
export interface UserDirectory {
  /** In the order in which they were opened. */
  readonly users: readonly User[];
  /** Whose key it is; `undefined` if nobody's. */
  find(key: string): { readonly user: User; readonly key: ApiKey } | undefined;
}
