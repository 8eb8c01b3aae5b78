import type { TradingDesk } from '../../desk/desk-types.ts';
import type { MoneyUnits } from '../../engine/engine-types.ts';

/** A desk that has as many movements, which is what {@link TradingDesk.movements} gives at most, may have forgotten some. */
const mostRemembered = 10_000;

/** Balances at a moment of the past. */
export interface BalanceImage {
  /** Number of the last movement before it; 0 if there was none. */
  readonly sn: number;
  /** By asset, without those of which there was nothing. */
  readonly totals: ReadonlyMap<string, MoneyUnits>;
}

/**
 * Takes back what has changed since a moment.
 * @param desk none while a recording is played: then nobody has anything.
 * @returns `undefined` if the desk may have forgotten some of it.
 */
export function balancesAt(
  desk: Pick<TradingDesk, 'balances' | 'movements'> | undefined,
  account: string,
  atMs: number,
): BalanceImage | undefined {
  if (desk === undefined) return { sn: 0, totals: new Map() };
  const movements = desk.movements(account);
  const [oldest] = movements;
  if (movements.length >= mostRemembered && oldest !== undefined && oldest.atMs >= atMs) return undefined;
  const totals = new Map([...desk.balances(account)].map(([asset, { total }]) => [asset, total]));
  for (const { lines } of movements.filter((movement) => movement.atMs >= atMs)) {
    for (const { asset, change } of lines) totals.set(asset, (totals.get(asset) ?? 0n) - change);
  }
  const before = movements.findLast((movement) => movement.atMs < atMs);
  return { sn: before?.sequence ?? 0, totals: new Map([...totals].filter(([, total]) => total !== 0n)) };
}
