import { isIP } from 'node:net';
import { invalid, toUnits } from '../engine/money.ts';
import { type Fields, requireFields, requireKnown } from '../known-fields.ts';
import { shownBeside, shownValue } from '../shown-value.ts';
import type { ApiKeyOptions, UserOptions } from './user-types.ts';

/**
 * Looks whether there can be such users.
 * @param assets what can be owned; anything if left out.
 * @throws VenueError `invalid-options` naming the user by its place in the list, from 0, and the option. No secret is in it.
 */
export function checkUsers(users: unknown, assets?: ReadonlySet<string>): void {
  for (const [index, user] of requireList('users', users).entries())
    checkUser(`users[${index}]`, placed(requireObject(`users[${index}]`, user), index), assets);
}

const userNames = Object.keys({
  ...{ uid: true, group: true, email: true, balances: true, marginBalances: true },
  ...{ fees: true, vipLevel: true, keys: true },
} satisfies Record<keyof UserOptions, true>);

const keyNames = Object.keys({
  ...{ key: true, secret: true, canView: true, canTrade: true, canTransfer: true },
  ...{ expiresAtMs: true, allowedIps: true },
} satisfies Record<keyof ApiKeyOptions, true>);

/** With the group that it has by its place if none is given. */
function placed(user: Fields, index: number): Fields {
  return { ...user, group: user.group ?? index + 1 };
}

function checkUser(where: string, user: Fields, assets: ReadonlySet<string> | undefined): void {
  requireKnown(where, user, userNames, invalid);
  require(where, user, 'uid', 'text of 1 to 64 letters and digits', (value) =>
    isText(value, /^[A-Za-z\d]{1,64}$/));
  require(where, user, 'group', 'a whole number from 0 to 999', (value) => isWhole(value) && value <= 999);
  require(where, user, 'email', 'text that is not empty', (value) => isText(value, /\S/));
  require(where, user, 'vipLevel', 'a whole number from 0 up', isWhole);
  for (const name of ['balances', 'marginBalances'])
    if (user[name] !== undefined) checkBalances(`${where}.${name}`, user[name], assets);
  if (user.fees !== undefined) checkFees(`${where}.fees`, user.fees);
  if (user.keys === undefined) return;
  for (const [index, key] of requireList(`${where}.keys`, user.keys).entries()) {
    const name = `${where}.keys[${index}]`;
    checkKey(name, requireObject(name, key));
  }
}

function checkBalances(where: string, balances: unknown, assets: ReadonlySet<string> | undefined): void {
  for (const [asset, amount] of Object.entries(requireFields(where, balances, invalid))) {
    if (assets?.has(asset) === false)
      throw invalid(`${where}: expected assets among ${[...assets].join(', ')}, got ${shownValue(asset)}`);
    if (typeof amount !== 'string' || amount.startsWith('-'))
      throw invalid(
        `${where}.${asset}: expected a decimal from 0 up as text, got ${shownBeside(amount, 'text')}`,
      );
    toUnits(amount, `${where}.${asset}`);
  }
}

/**
 * Looks whether there can be such fees; bounds are the engine's affair.
 * @throws VenueError `invalid-options` naming the rate.
 */
export function checkFees(where: string, fees: unknown): void {
  const fields = requireFields(where, fees, invalid);
  requireKnown(where, fields, ['maker', 'taker'], invalid);
  for (const name of ['maker', 'taker']) {
    const rate = fields[name];
    if (typeof rate !== 'string')
      throw invalid(`${where}.${name}: expected a decimal as text, got ${shownBeside(rate, 'text')}`);
    toUnits(rate, `${where}.${name}`);
  }
}

function checkKey(where: string, key: Fields): void {
  requireKnown(where, key, keyNames, invalid);
  require(where, key, 'key', 'text of 1 to 64 letters, digits, - and _', (value) =>
    isText(value, /^[\w-]{1,64}$/));
  const { secret } = key;
  // What was got is not shown: it may be a secret all the same.
  if (secret !== undefined && !isText(secret, /^[\x21-\x7e]{1,128}$/))
    throw invalid(`${where}.secret: expected text of 1 to 128 printable ASCII characters without spaces`);
  for (const right of ['canView', 'canTrade', 'canTransfer'])
    require(where, key, right, 'true or false', (value) => typeof value === 'boolean');
  require(where, key, 'expiresAtMs', 'a whole number of milliseconds', isWhole);
  if (key.allowedIps === undefined) return;
  for (const address of requireList(`${where}.allowedIps`, key.allowedIps))
    if (typeof address !== 'string' || isIP(address) === 0)
      throw invalid(`${where}.allowedIps: expected IP addresses, got ${shownValue(address)}`);
}

/** What is left out is right. */
function require(
  where: string,
  fields: Fields,
  name: string,
  expected: string,
  fits: (value: unknown) => boolean,
): void {
  const value = fields[name];
  if (value !== undefined && !fits(value))
    throw invalid(`${where}.${name}: expected ${expected}, got ${shownOf(value, expected)}`);
}

function shownOf(value: unknown, expected: string): string {
  if (expected === 'true or false') return shownBeside(value, 'boolean');
  return shownBeside(value, expected.startsWith('text') ? 'text' : 'number');
}

function requireList(where: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(`${where}: expected a list, got ${concealed(value)}`);
}

function requireObject(where: string, value: unknown): Fields {
  return requireFields(where, value, () => invalid(`${where}: expected an object, got ${concealed(value)}`));
}

/** Text is not shown: where users and keys are expected, it may be a secret. */
function concealed(value: unknown): string {
  return typeof value === 'string' ? 'text' : shownValue(value);
}

function isText(value: unknown, form: RegExp): boolean {
  return typeof value === 'string' && form.test(value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
