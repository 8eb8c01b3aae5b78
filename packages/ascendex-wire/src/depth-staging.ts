import {
  clearDepthStage,
  type DepthStage,
  type DepthStageSide,
  growDepthStage,
} from '@venuekit/connector-core';
import type { WireLevel } from './book-levels.ts';
import type { DepthContent } from './depth-message.ts';

/** 10^0 to 10^15, exact. */
export const powersOfTen: Float64Array = Float64Array.from({ length: 16 }, (_, zeros) =>
  Number(`1e${zeros}`),
);

/**
 * Puts what an update or a snapshot says into a stage, as whole numbers of the stage's scales: the exact way, and what
 * `DepthScanner` is judged by.
 * @returns False if a number does not fit: a digit beyond the scale that is not 0, 2^53 or more, a price of zero, or what is no
 * plain decimal. What the stage holds then means nothing.
 */
export function stageDepth(content: DepthContent, into: DepthStage): boolean {
  const { seqnum, venueTimeMs, asks, bids } = content;
  clearDepthStage(into);
  if (seqnum < 0n || seqnum > Number.MAX_SAFE_INTEGER) return false;
  if (!Number.isSafeInteger(venueTimeMs) || venueTimeMs < 0) return false;
  into.firstSequence = Number(seqnum);
  into.sequence = Number(seqnum);
  into.venueTimeMs = venueTimeMs;
  return stageLevels(asks, into.asks, into) && stageLevels(bids, into.bids, into);
}

function stageLevels(levels: readonly WireLevel[], side: DepthStageSide, scales: DepthStage): boolean {
  for (const [priceText, amountText] of levels) {
    const price = toScaled(priceText, scales.priceScale);
    const amount = toScaled(amountText, scales.amountScale);
    if (price <= 0 || amount < 0) return false;
    if (side.count === side.prices.length) growDepthStage(side);
    side.prices[side.count] = price;
    side.amounts[side.count] = amount;
    side.count += 1;
  }
  return true;
}

const zero = 0x30;

/** The number of a plain decimal in units of 10^-scale, or -1 if that is no whole number below 2^53. */
function toScaled(text: string, scale: number): number {
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
