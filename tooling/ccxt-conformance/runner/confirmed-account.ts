import { decimalText, units } from './exact-decimal.ts';
import { same } from './expectations.ts';
import type { RawBalance } from './raw-account.ts';
import type { Answer } from './raw-client.ts';
import type { Trader } from './stage.ts';

/** The balances that the venue tells, if they are the true ones. @throws Deviation if they are not. */
export async function confirmedBalances(
  { raw, truth }: Trader,
  category: 'cash' | 'margin' = 'cash',
): Promise<ReadonlyMap<string, RawBalance>> {
  const told = await raw.balances(category);
  const real = await truth.balances(category);
  for (const asset of new Set([...told.keys(), ...real.keys()])) {
    same(`the true ${asset}`, plain(told.get(asset)), plain(real.get(asset)));
  }
  return told;
}

/** The open orders that the venue tells, if they are the true ones. @throws Deviation if they are not. */
export async function confirmedOpenOrders({ raw, truth }: Trader): Promise<readonly Answer[]> {
  const told = await raw.openOrders();
  const real = (await truth.orders()).filter(({ phase }) =>
    ['waiting', 'open', 'partly-filled'].includes(phase),
  );
  same(
    'the true open orders',
    told.map(({ orderId }) => orderId).sort(),
    real.map(({ orderId }) => orderId).sort(),
  );
  return told;
}

function plain({ total, available }: RawBalance = { total: '0', available: '0' }): readonly string[] {
  return [total, available].map((text) => decimalText(units(text)));
}
