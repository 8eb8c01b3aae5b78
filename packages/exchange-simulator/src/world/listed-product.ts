import type { CommissionType, InstrumentRules } from '../engine/engine-types.ts';
import type { ProductRecord } from '../market/product.ts';

const commissionNames: Readonly<Record<CommissionType, string>> = {
  base: 'Base',
  quote: 'Quote',
  received: 'Received',
};

/** The rules of a pair in the form in which markets list them. */
export function toProduct(rules: InstrumentRules): ProductRecord {
  return {
    symbol: rules.symbol,
    displayName: rules.symbol,
    baseAsset: rules.base,
    quoteAsset: rules.quote,
    status: 'Normal',
    minNotional: rules.minNotional,
    maxNotional: rules.maxNotional,
    marginTradable: false,
    commissionType: commissionNames[rules.commission],
    commissionReserveRate: rules.reserveRate,
    tickSize: rules.tickSize,
    lotSize: rules.lotSize,
  };
}
