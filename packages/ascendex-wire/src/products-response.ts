import {
  type Decimal,
  decimal,
  type FeeAsset,
  type Instrument,
  type InstrumentStatus,
  type VenueError,
} from '@venuekit/connector-core';
import { createSymbolMap, isSpotSymbol, splitVenueSymbol } from './symbols.ts';
import {
  readAmount,
  readCount,
  readEach,
  readList,
  readPositive,
  readRecord,
  readText,
  refusal,
  type WirePlace,
  type WireRecord,
} from './wire-fields.ts';

/** What {@link decodeProducts} gives. */
export interface ProductsContent {
  /** In the venue's order. */
  readonly instruments: readonly Instrument[];
  /** One `protocol` error for each row that could not be used; the others are in `instruments`. */
  readonly refused: readonly VenueError[];
  /** Rows that are not wanted here: perpetuals, and leveraged or index products unless asked for. */
  readonly skipped: number;
}

/** What {@link decodeProducts} takes. */
export interface ProductsOptions {
  /** Leveraged tokens and index products (a `$` in the name) too. Left out if not given. */
  readonly includeLeveraged?: boolean;
  /** The venue's row in `raw` of each instrument. */
  readonly raw?: boolean;
}

const operation = 'decodeProducts';
const feeAssets: Readonly<Record<string, FeeAsset>> = { Quote: 'quote', Base: 'base', Received: 'received' };
const statuses: Readonly<Record<string, InstrumentStatus>> = {
  Normal: 'trading',
  NoTrading: 'halted',
  InternalTrading: 'halted',
};

/**
 * Reads the `data` of the product list into instruments with every rule that an order must obey.
 *
 * A row with a bad number, impossible bounds or an unknown commission type is refused and the others are delivered; an unknown
 * status word is the status `unknown`. Two symbols that give one pair are both refused. The older list, which has no
 * `minQty` and `maxQty`, is understood too: its bounds are then those that follow from lot, tick and value.
 *
 * Source: docs, "List all Products".
 * @throws VenueError `protocol` if `data` is not a list.
 */
export function decodeProducts(data: unknown, options: ProductsOptions = {}): ProductsContent {
  const rows = readList(data, 'data', { operation, subject: 'products' });
  const { items, refused } = readEach(rows, (row, index) => readProduct(row, index, options));
  const instruments = items.filter((item) => item !== undefined);
  const map = createSymbolMap(instruments);
  const seen = new Set<string>();
  return {
    instruments: instruments.filter(({ venueSymbol }) => {
      const first = map.pairOf(venueSymbol) !== undefined && !seen.has(venueSymbol);
      seen.add(venueSymbol);
      return first;
    }),
    refused: [...refused, ...map.refused],
    skipped: items.length - instruments.length,
  };
}

function readProduct(row: unknown, index: number, options: ProductsOptions): Instrument | undefined {
  const list: WirePlace = { operation, subject: 'products' };
  const product = readRecord(row, `data[${index}]`, list);
  const venueSymbol = readText(product.symbol, `data[${index}].symbol`, list);
  if (!isSpotSymbol(venueSymbol)) return undefined;
  if (options.includeLeveraged !== true && isLeveraged(product, venueSymbol)) return undefined;
  const place: WirePlace = { operation, subject: `product ${venueSymbol}` };
  const parts = splitVenueSymbol(venueSymbol);
  if (parts === undefined) throw refusal(list, `data[${index}].symbol`, 'BASE/QUOTE', venueSymbol);
  return {
    ...parts,
    venueSymbol,
    ...readStatus(product, place),
    ...readRules(product, place),
    ...rawOf(row, options),
  };
}

function isLeveraged(product: WireRecord, venueSymbol: string): boolean {
  return product.domain === 'LeveragedETF' || venueSymbol.includes('$');
}

function rawOf(row: unknown, { raw }: ProductsOptions): { readonly raw?: unknown } {
  return raw === true ? { raw: row } : {};
}

function readStatus(product: WireRecord, place: WirePlace): Pick<Instrument, 'status' | 'venueStatus'> {
  const venueStatus = readText(product.statusCode ?? product.status, 'statusCode', place);
  return { status: find(statuses, venueStatus) ?? 'unknown', venueStatus };
}

type Rules = Omit<Instrument, 'pair' | 'base' | 'quote' | 'venueSymbol' | 'status' | 'venueStatus' | 'raw'>;

function readRules(product: WireRecord, place: WirePlace): Rules {
  const tickSize = readGrid(product, 'tickSize', 'priceScale', place);
  const lotSize = readGrid(product, 'lotSize', 'qtyScale', place);
  const minNotional = decimal(readAmount(product.minNotional, 'minNotional', place));
  const maxNotional = decimal(readPositive(product.maxNotional, 'maxNotional', place));
  const { minQty, maxQty } = product;
  // Without bounds of its own an order still has at least one lot, and at most the largest value at the smallest price.
  const minAmount = minQty === undefined ? lotSize : decimal(readAmount(minQty, 'minQty', place));
  const maxAmount =
    maxQty === undefined
      ? maxNotional.dividedBy(tickSize, { decimalPlaces: 18, rounding: 'down' })
      : decimal(readPositive(maxQty, 'maxQty', place));
  if (maxNotional.lessThan(minNotional))
    throw refusal(place, 'maxNotional', `at least minNotional ${minNotional}`, maxNotional.toString());
  if (maxAmount.lessThan(minAmount))
    throw refusal(place, 'maxQty', `at least minQty ${minAmount}`, maxAmount.toString());
  const commission = readText(product.commissionType, 'commissionType', place);
  const feeAsset = find(feeAssets, commission);
  if (feeAsset === undefined) throw refusal(place, 'commissionType', 'Quote, Base or Received', commission);
  const feeReserveRate = decimal(readAmount(product.commissionReserveRate, 'commissionReserveRate', place));
  return { tickSize, lotSize, minAmount, maxAmount, minNotional, maxNotional, feeAsset, feeReserveRate };
}

/**
 * The step of a grid. The venue gives it as a size and as a number of decimals, and does not say which one rules when they
 * differ; a number on the coarser of two nested grids is on both.
 */
function readGrid(product: WireRecord, sizeField: string, scaleField: string, place: WirePlace): Decimal {
  const size = decimal(readPositive(product[sizeField], sizeField, place));
  if (product[scaleField] === undefined) return size;
  const decimals = readCount(product[scaleField], scaleField, place);
  if (decimals > 30) throw refusal(place, scaleField, 'at most 30 decimals', decimals);
  const scale = decimal(`1e-${decimals}`);
  if (size.isMultipleOf(scale)) return size;
  if (scale.isMultipleOf(size)) return scale;
  throw refusal(place, sizeField, `a multiple of ${scale}, as ${scaleField} says`, size.toString());
}

/** A look-up that finds own entries only: the venue's words are not ours. */
function find<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
