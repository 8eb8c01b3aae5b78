import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createDepthStage,
  type DepthStage,
  type DepthStageSide,
  type DepthUpdate,
  growDepthStage,
  type PriceLevelText,
  stageDepthUpdate,
  toDepthUpdate,
} from './index.ts';

const empty: DepthUpdate = { sequence: 7n, venueTimeMs: 1_000, asks: [], bids: [] };
const largest = Number.MAX_SAFE_INTEGER;

/** The rule by another way: all digits as one bigint, or `undefined` if they do not fit. */
function unitsByHand(text: string, scale: number): bigint | undefined {
  const [whole = '', fraction = ''] = text.split('.');
  if (/[1-9]/.test(fraction.slice(scale))) return undefined;
  const units = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  return units <= BigInt(largest) ? units : undefined;
}

/** The shortest text of a number of units, by division. */
function textByHand(units: bigint, scale: number): string {
  const one = 10n ** BigInt(scale);
  let fraction = String((units % one) + one).slice(1);
  while (fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  return `${units / one}${fraction === '' ? '' : `.${fraction}`}`;
}

const unitsOf = (side: DepthStageSide): [number, number][] =>
  Array.from({ length: side.count }, (_, at) => [side.prices[at] as number, side.amounts[at] as number]);

function fill(side: DepthStageSide, levels: readonly (readonly [number, number])[]): void {
  for (const [price, amount] of levels) {
    if (side.count === side.prices.length) growDepthStage(side);
    side.prices[side.count] = price;
    side.amounts[side.count] = amount;
    side.count += 1;
  }
}

const scales = fc.record({ priceScale: fc.nat(15), amountScale: fc.nat(15) });
const digits = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0001234567899'), minLength: 1, maxLength, size: 'max' });
const decimalText = fc.oneof(
  digits(18),
  fc.tuple(digits(12), digits(20)).map((parts) => parts.join('.')),
  fc.constantFrom('9007199254740991', '9007199254740992', '9007199254.740991', '9007199254.740992'),
  fc.constantFrom('123456789', '1234567890', '12345678.9', '12345.6789', '123456789.1', '0.00000001'),
);
const units = (min: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min, max: 2_000 }), fc.integer({ min, max: largest }), fc.constant(largest));
const side = fc.array(fc.tuple(units(1), units(0)), { maxLength: 90, size: 'max' });

describe('stageDepthUpdate', () => {
  test('puts both sides, numbers and time into the stage, over what was there', () => {
    const stage = createDepthStage({ priceScale: 2, amountScale: 1, levels: 1 });
    const asks = [
      ['1.05', '3'],
      ['2', '0'],
      ['3.5000', '0.10'],
    ] as const;
    expect(stageDepthUpdate({ ...empty, asks: [['9', '9']], bids: [['8', '8']] }, stage)).toBe(true);
    expect(stageDepthUpdate({ ...empty, sequence: 8n, asks }, stage)).toBe(true);
    expect([stage.firstSequence, stage.sequence, stage.venueTimeMs]).toEqual([8, 8, 1_000]);
    expect([unitsOf(stage.asks), unitsOf(stage.bids)]).toEqual([
      [
        [105, 30],
        [200, 0],
        [350, 1],
      ],
      [],
    ]);
  });

  test('takes a message that covers several numbers, and one without a time', () => {
    const stage = createDepthStage({ priceScale: 0, amountScale: 0 });
    const update = { ...empty, firstSequence: 5n, sequence: BigInt(largest), venueTimeMs: undefined };
    expect(stageDepthUpdate(update, stage)).toBe(true);
    expect([stage.firstSequence, stage.sequence, stage.venueTimeMs]).toEqual([5, largest, -1]);
  });

  test.each([
    ['a number from 2^53 on', { sequence: 2n ** 53n }],
    ['a number far beyond 2^53', { sequence: 2n ** 64n }],
    ['a number below 0', { sequence: -1n }],
    ['a first number below 0', { firstSequence: -1n }],
    ['a first number behind the last', { firstSequence: 8n }],
    ['a time that is no whole number', { venueTimeMs: 0.5 }],
    ['a time below 0', { venueTimeMs: -1 }],
    ['a time from 2^53 on', { venueTimeMs: 2 ** 53 }],
    ['a digit of a price beyond the scale', { asks: [['1.001', '1']] }],
    ['a digit of an amount beyond the scale', { bids: [['1', '1.01']] }],
    ['a price of zero', { bids: [['0.00', '1']] }],
    ['an empty text', { asks: [['', '1']] }],
    ['a sign', { asks: [['1', '-1']] }],
    ['an exponent', { asks: [['1e3', '1']] }],
    ['no digit behind the point', { asks: [['1.', '1']] }],
    ['no digit before the point', { asks: [['.1', '1']] }],
    ['a point alone', { asks: [['.', '1']] }],
    ['two points', { asks: [['1.0.0', '1']] }],
    ['two points in a long text', { asks: [['1000000000.0.0', '1']] }],
    ['a letter in a long text', { asks: [['1000000000x', '1']] }],
    ['a point at the end of a long text', { asks: [['1000000000.', '1']] }],
    ['an amount from 2^53 on', { asks: [['1', '900719925474099.2']] }],
  ] satisfies [string, Partial<DepthUpdate>][])('does not take %s', (_what, change) => {
    const stage = createDepthStage({ priceScale: 2, amountScale: 1 });
    expect(stageDepthUpdate({ ...empty, ...change }, stage)).toBe(false);
  });

  test('every decimal becomes the number that a bigint gives, or is not taken', () => {
    fc.assert(
      fc.property(decimalText, fc.nat(15), (text, scale) => {
        const wanted = unitsByHand(text, scale);
        const stage = createDepthStage({ priceScale: scale, amountScale: scale });
        const amount = stageDepthUpdate({ ...empty, asks: [['1', text]] }, stage);
        expect(amount ? BigInt(stage.asks.amounts[0] as number) : undefined).toBe(wanted);
        const price = stageDepthUpdate({ ...empty, bids: [[text, '1']] }, stage);
        expect(price ? BigInt(stage.bids.prices[0] as number) : undefined).toBe(wanted || undefined);
      }),
      { numRuns: 3_000 },
    );
  });
});

/** What a stage says, for comparison. */
const contentOf = ({ firstSequence, sequence, venueTimeMs, asks, bids }: DepthStage): unknown => [
  [firstSequence, sequence, venueTimeMs],
  unitsOf(asks),
  unitsOf(bids),
];

describe('toDepthUpdate', () => {
  test('leaves out what a stage does not say', () => {
    const stage = createDepthStage({ priceScale: 2, amountScale: 3 });
    Object.assign(stage, { firstSequence: 4, sequence: 4 });
    fill(stage.bids, [
      [105, 0],
      [100, 12_000],
    ]);
    expect(toDepthUpdate(stage)).toEqual({
      sequence: 4n,
      venueTimeMs: undefined,
      asks: [],
      bids: [
        ['1.05', '0'],
        ['1', '12'],
      ],
    });
    Object.assign(stage, { firstSequence: 3, venueTimeMs: 0 });
    expect(toDepthUpdate(stage)).toMatchObject({ firstSequence: 3n, sequence: 4n, venueTimeMs: 0 });
  });

  test('gives the shortest text of every number, and comes back as it was', () => {
    const staged = fc.record({
      asks: side,
      bids: side,
      sequence: fc.tuple(units(0), units(0)),
      time: units(-1),
    });
    fc.assert(
      fc.property(scales, staged, (scale, { asks, bids, sequence, time }) => {
        const stage = createDepthStage({ ...scale, levels: 0 });
        const [first, last] = [Math.min(...sequence), Math.max(...sequence)];
        Object.assign(stage, { firstSequence: first, sequence: last, venueTimeMs: time });
        fill(stage.asks, asks);
        fill(stage.bids, bids);
        const update = toDepthUpdate(stage);
        const texts = (levels: readonly (readonly [number, number])[]): PriceLevelText[] =>
          levels.map(([price, amount]) => [
            textByHand(BigInt(price), scale.priceScale),
            textByHand(BigInt(amount), scale.amountScale),
          ]);
        expect([update.asks, update.bids]).toEqual([texts(asks), texts(bids)]);
        const again = createDepthStage({ ...scale, levels: 1 });
        expect(stageDepthUpdate(update, again)).toBe(true);
        expect(contentOf(again)).toEqual(contentOf(stage));
      }),
      { numRuns: 300 },
    );
  });
});
