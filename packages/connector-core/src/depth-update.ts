import { clearDepthStage, type DepthStage, type DepthStageSide, growDepthStage } from './depth-stage.ts';

/** A price and the amount that rests there, as the venue wrote them: plain decimal text. */
export type PriceLevelText = readonly [price: string, amount: string];

/** A change of a book, or a whole one, in text. Amounts are new totals; zero deletes the level. */
export interface DepthUpdate {
  /** The venue's number of this message, or the last that it covers. */
  readonly sequence: bigint;
  /** The first number that it covers, where a message may cover several; that of `sequence` if left out. */
  readonly firstSequence?: bigint;
  /** The venue's time, in milliseconds since the epoch. */
  readonly venueTimeMs: number | undefined;
  /** Higher bids are better; in any order. */
  readonly bids: readonly PriceLevelText[];
  /** Lower asks are better; in any order. */
  readonly asks: readonly PriceLevelText[];
}

/**
 * Puts a message into a stage, as whole numbers of the stage's scales.
 * @returns False if a number does not fit: a digit beyond the scale that is not 0, 2^53 or more, a price of zero, or what is no
 * plain decimal. What the stage holds then means nothing.
 */
export function stageDepthUpdate(update: DepthUpdate, into: DepthStage): boolean {
  const { venueTimeMs = -1, asks, bids } = update;
  clearDepthStage(into);
  // Rounding never takes a number from 2^53 on below it.
  const sequence = Number(update.sequence);
  const firstSequence = update.firstSequence === undefined ? sequence : Number(update.firstSequence);
  if (!(firstSequence >= 0 && firstSequence <= sequence && sequence <= Number.MAX_SAFE_INTEGER)) return false;
  if (!Number.isSafeInteger(venueTimeMs) || (venueTimeMs < 0 && update.venueTimeMs !== undefined))
    return false;
  into.firstSequence = firstSequence;
  into.sequence = sequence;
  into.venueTimeMs = venueTimeMs;
  return stageLevels(asks, into.asks, into) && stageLevels(bids, into.bids, into);
}

/** What a stage holds, in text: to keep it, or for those who take no stage. */
export function toDepthUpdate(stage: DepthStage): DepthUpdate {
  const { sequence, firstSequence, venueTimeMs, priceScale, amountScale } = stage;
  const levels = ({ count, prices, amounts }: DepthStageSide): PriceLevelText[] =>
    Array.from({ length: count }, (_, at) => [
      toText(prices[at] as number, priceScale),
      toText(amounts[at] as number, amountScale),
    ]);
  return {
    sequence: BigInt(sequence),
    ...(firstSequence !== sequence && { firstSequence: BigInt(firstSequence) }),
    venueTimeMs: venueTimeMs < 0 ? undefined : venueTimeMs,
    bids: levels(stage.bids),
    asks: levels(stage.asks),
  };
}

function stageLevels(
  levels: readonly PriceLevelText[],
  side: DepthStageSide,
  { priceScale, amountScale }: DepthStage,
): boolean {
  for (let at = 0; at < levels.length; at += 1) {
    const level = levels[at] as PriceLevelText;
    const price = toUnits(level[0], priceScale);
    const amount = toUnits(level[1], amountScale);
    if (price <= 0 || amount < 0) return false;
    if (at === side.prices.length) growDepthStage(side);
    side.prices[at] = price;
    side.amounts[at] = amount;
  }
  side.count = levels.length;
  return true;
}

const zero = 0x30;
const pointBelowZero = 0x2e - zero;
/** So many digits fit an integer of 32 bits, which is several times as fast as a double. */
const shortDigits = 9;
/** 10^0 to 10^15, exact. */
const powersOfTen: Float64Array = Float64Array.from({ length: 16 }, (_, zeros) => Number(`1e${zeros}`));

/** The number of a plain decimal in units of 10^-scale, or -1 if that is no whole number below 2^53. */
function toUnits(text: string, scale: number): number {
  const { length } = text;
  if (length > shortDigits) return toManyUnits(text, scale);
  let units = 0;
  let point = length;
  for (let at = 0; at < length; at += 1) {
    const digit = text.charCodeAt(at) - zero;
    if (digit >= 0 && digit <= 9) units = Math.imul(units, 10) + digit;
    else if (digit === pointBelowZero && point === length) point = at;
    else return -1;
  }
  // No digits behind the point, and no point, are -1 and 0 here.
  const fraction = point === length ? 0 : length - point - 1 || -1;
  if (point === 0 || fraction < 0) return -1;
  if (fraction > scale) return toManyUnits(text, scale);
  const value = units * (powersOfTen[scale - fraction] as number);
  return value <= Number.MAX_SAFE_INTEGER ? value : -1;
}

/** As {@link toUnits}, for any number of digits. */
function toManyUnits(text: string, scale: number): number {
  const point = text.indexOf('.');
  const whole = point < 0 ? text.length : point;
  if (whole === 0 || whole === text.length - 1) return -1;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (at === point) continue;
    const digit = text.charCodeAt(at) - zero;
    if (!(digit >= 0 && digit <= 9)) return -1;
    if (at <= whole + scale) value = value * 10 + digit;
    else if (digit !== 0) return -1;
  }
  const missing = scale - Math.max(0, text.length - whole - 1);
  // Rounding never takes a number from 2^53 on below it, so it is enough to look at the end.
  if (missing > 0) value *= powersOfTen[missing] as number;
  return value <= Number.MAX_SAFE_INTEGER ? value : -1;
}

/** A whole number in units of 10^-scale as plain decimal text, without zeros at its end. */
function toText(units: number, scale: number): string {
  const digits = String(units).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
