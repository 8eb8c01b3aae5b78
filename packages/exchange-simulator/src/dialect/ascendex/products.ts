import { decimal } from '@venuekit/connector-core';
import type { TradingStatus } from '../../engine/engine-types.ts';
import type { Market } from '../../market/market.ts';
import type { ProductRecord } from '../../market/product.ts';

/** A product as the current endpoint gives it. */
export interface CashProduct {
  readonly symbol: string;
  readonly displayName: string;
  readonly domain: string;
  readonly tradingStartTime: number;
  readonly collapseDecimals: string;
  readonly minQty: string;
  readonly maxQty: string;
  readonly minNotional: string;
  readonly maxNotional: string;
  readonly statusCode: string;
  readonly statusMessage: string;
  readonly tickSize: string;
  readonly useTick: boolean;
  readonly priceScale: number;
  readonly lotSize: string;
  readonly useLot: boolean;
  readonly qtyScale: number;
  readonly notionalScale: number;
  readonly commissionType: string;
  readonly commissionReserveRate: string;
}

/** Quotes that are worth about a dollar share one area. */
const dollars: ReadonlySet<string> = new Set(['USDT', 'USDC', 'USD', 'PAX', 'TUSD', 'BUSD', 'DAI']);

/** 2019-01-01: the legacy form does not say when trading began. */
const tradingStartTime = 1_546_300_800_000;

/** True for a spot market: a perpetual's symbol has no slash. */
export function isSpot({ symbol }: ProductRecord): boolean {
  return symbol.includes('/');
}

const statusWords: Readonly<Record<TradingStatus, readonly [code: string, message: string]>> = {
  trading: ['Normal', ''],
  'cancel-only': ['NoTrading', 'orders can only be canceled'],
  halted: ['NoTrading', 'halted'],
};

/** Products as they are listed now, with the status that they have at this moment. */
export function listProducts(market: Market): readonly ProductRecord[] {
  return market.products.map((product) => {
    const status = market.status(product.symbol);
    return status === undefined ? product : { ...product, status: statusWords[status][0] };
  });
}

/** The same for those that are spot markets, in the current form. */
export function listCashProducts(market: Market): readonly CashProduct[] {
  return listProducts(market)
    .filter(isSpot)
    .map((product) => {
      const status = market.status(product.symbol);
      return { ...toCashProduct(product), statusMessage: status === undefined ? '' : statusWords[status][1] };
    });
}

/** Puts a legacy record into the current form. What that form has beyond it is nominal, as in the venue's samples. */
function toCashProduct(product: ProductRecord): CashProduct {
  const { tickSize, lotSize, quoteAsset } = product;
  return {
    symbol: product.symbol,
    displayName: product.displayName,
    domain: dollars.has(quoteAsset) ? 'USDS' : quoteAsset,
    tradingStartTime,
    collapseDecimals: [100n, 10n, 1n].map((factor) => decimal(tickSize).times(factor).toString()).join(','),
    minQty: '0.000000001',
    maxQty: '1000000000',
    minNotional: product.minNotional,
    maxNotional: product.maxNotional,
    statusCode: product.status,
    statusMessage: '',
    tickSize,
    useTick: false,
    priceScale: decimal(tickSize).decimalPlaces(),
    lotSize,
    useLot: false,
    qtyScale: decimal(lotSize).decimalPlaces(),
    notionalScale: dollars.has(quoteAsset) ? 4 : 9,
    commissionType: product.commissionType,
    commissionReserveRate: product.commissionReserveRate,
  };
}
