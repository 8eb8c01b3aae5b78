import type { UserOptions } from './user-types.ts';

/** Two customers with money in the currencies that are traded most; the first of them shows a demo, the second is somebody else. */
export const defaultUsers: readonly UserOptions[] = [
  { balances: { BTC: '2', ETH: '30', USDT: '100000' } },
  { balances: { BTC: '2', ETH: '30', USDT: '100000' } },
];

/** A user as far as money can be had of its assets. */
export function withAssets(user: UserOptions, assets: ReadonlySet<string>): UserOptions {
  const balances = Object.entries(user.balances ?? {}).filter(([asset]) => assets.has(asset));
  return { ...user, balances: Object.fromEntries(balances) };
}
