import type { Random } from '@venuekit/connector-core';
import type { TradingDesk } from '../desk/desk-types.ts';
import type { FeeRates } from '../engine/engine-types.ts';
import { invalid, toUnits } from '../engine/money.ts';
import { drawText } from './draw-text.ts';
import type { ApiKey, ApiKeyOptions, User, UserDirectory, UserNames, UserOptions } from './user-types.ts';

/** What a directory is made of. */
export interface UserDirectoryOptions {
  /** Opens the accounts of the users; `undefined` if nothing can be traded, and then nobody has money. */
  readonly desk: TradingDesk | undefined;
  /** Ordinary fees. */
  readonly fees: FeeRates;
  readonly random: Random;
  /** Names a user in the way of the dialect. */
  readonly nameUser: (number: number, random: Random) => UserNames;
  readonly users: readonly UserOptions[];
}

/**
 * Opens the accounts of all users and puts their money in. Each of them has been looked at by itself.
 * @throws VenueError `invalid-options` for a key or a uid that two users have.
 */
export function createUserDirectory(options: UserDirectoryOptions): UserDirectory {
  const byKey = new Map<string, { readonly user: User; readonly key: ApiKey }>();
  const uids = new Set<string>();
  const users = options.users.map((given, index) => {
    const user = createUser(given, index + 1, options);
    if (uids.has(user.uid)) throw invalid(`users: expected each uid once, got ${user.uid} twice`);
    uids.add(user.uid);
    for (const key of user.keys) {
      if (byKey.has(key.key)) throw invalid(`users: expected each key once, got ${key.key} twice`);
      byKey.set(key.key, { user, key });
    }
    open(user, given, options);
    return user;
  });
  return { users, find: (key) => byKey.get(key) };
}

function createUser(given: UserOptions, number: number, options: UserDirectoryOptions): User {
  const { random } = options;
  const names = options.nameUser(number, random);
  const keys = (given.keys ?? [{}]).map((key, index) =>
    createApiKey(key, `user ${number} key ${index}`, random),
  );
  return {
    uid: given.uid ?? names.uid,
    group: given.group ?? number,
    email: given.email ?? `trader${number}@example.test`,
    vipLevel: given.vipLevel ?? 0,
    fees: given.fees ?? options.fees,
    cash: names.cash,
    margin: names.margin,
    keys,
  };
}

function open({ cash, margin, fees }: User, given: UserOptions, { desk }: UserDirectoryOptions): void {
  if (desk === undefined) return;
  desk.openAccount(cash, fees);
  desk.openAccount(margin);
  for (const [account, balances] of [
    [cash, given.balances],
    [margin, given.marginBalances],
  ] as const) {
    for (const [asset, text] of Object.entries(balances ?? {})) {
      const units = toUnits(text, `balance of ${asset}`);
      if (units > 0n) desk.deposit(account, asset, units);
    }
  }
}

function createApiKey(given: ApiKeyOptions, purpose: string, random: Random): ApiKey {
  return new Key(given, {
    key: given.key ?? drawText(random, purpose, 32),
    secret: given.secret ?? drawText(random, `${purpose} secret`, 64),
  });
}

/** Holds its secret where no inspection reaches it. */
class Key implements ApiKey {
  readonly key: string;
  readonly canView: boolean;
  readonly canTrade: boolean;
  readonly canTransfer: boolean;
  readonly expiresAtMs: number | undefined;
  readonly allowedIps: readonly string[];
  readonly #secret: string;

  constructor(given: ApiKeyOptions, { key, secret }: { readonly key: string; readonly secret: string }) {
    this.key = key;
    this.canView = given.canView ?? true;
    this.canTrade = given.canTrade ?? true;
    this.canTransfer = given.canTransfer ?? true;
    this.expiresAtMs = given.expiresAtMs;
    this.allowedIps = given.allowedIps ?? [];
    this.#secret = secret;
  }

  revealSecret(): string {
    return this.#secret;
  }
}
