import {
  isAmount,
  isPositive,
  readAmount,
  readList,
  readPositive,
  refusal,
  type WirePlace,
} from './wire-fields.ts';

/** Price in quote per base and amount in base, digit for digit. In a depth update an amount of zero deletes the price. */
export type WireLevel = readonly [priceText: string, amountText: string];

/** Every level of one side in the order of the wire, or a refusal that names the first bad one. */
export function readLevels(value: unknown, side: string, place: WirePlace): readonly WireLevel[] {
  const levels = readList(value, side, place);
  if (levels.every(isUsualLevel)) return levels;
  return levels.map((level, index) => readLevel(level, `${side}[${index}]`, place));
}

/** True for a level that is what it should be and has nothing beside, so that it can be given as it is. */
function isUsualLevel(level: unknown): level is WireLevel {
  return Array.isArray(level) && level.length === 2 && isPositive(level[0]) && isAmount(level[1]);
}

/** One level, or a refusal. */
function readLevel(value: unknown, field: string, place: WirePlace): WireLevel {
  const level = readList(value, field, place);
  if (level.length < 2) throw refusal(place, field, 'a price and an amount', value);
  return [readPositive(level[0], `${field} price`, place), readAmount(level[1], `${field} amount`, place)];
}

/** One side of a summary, which the venue may leave out or send empty: then `undefined`. */
export function readSide(value: unknown, field: string, place: WirePlace): WireLevel | undefined {
  if (value === undefined || value === null) return undefined;
  const side = readList(value, field, place);
  return side.every((text) => text === '') ? undefined : readLevel(side, field, place);
}
