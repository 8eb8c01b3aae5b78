import { decimal, type Instrument } from '@venuekit/connector-core';

/** An instrument whose rules do not matter. */
export function instrument(pair: string): Instrument {
  const [base = '', quote = ''] = pair.split('-');
  const one = decimal('1');
  return {
    ...{ pair, base, quote, venueSymbol: `${base}/${quote}`, status: 'trading', venueStatus: 'Normal' },
    ...{ tickSize: one, lotSize: one, minAmount: one, maxAmount: one, minNotional: one, maxNotional: one },
    ...{ feeAsset: 'quote', feeReserveRate: one },
  } as const;
}
