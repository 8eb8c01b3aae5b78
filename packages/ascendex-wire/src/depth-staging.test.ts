import { createDepthStage } from '@venuekit/connector-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DepthContent } from './depth-message.ts';
import { stageDepth } from './depth-staging.ts';

const update: DepthContent = { symbol: 'A/B', seqnum: 7n, venueTimeMs: 1_000, asks: [], bids: [] };

/** The rule by another way: all digits as one bigint, or `undefined` if they do not fit. */
function scaledByHand(text: string, scale: number): number | undefined {
  const [whole = '', fraction = ''] = text.split('.');
  if (/[1-9]/.test(fraction.slice(scale))) return undefined;
  const value = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  return value < 2n ** 53n ? Number(value) : undefined;
}

describe('stageDepth', () => {
  test('puts both sides, number and time into the stage, over what was there', () => {
    const stage = createDepthStage({ priceScale: 2, amountScale: 1, levels: 1 });
    const asks = [
      ['1.05', '3'],
      ['2', '0'],
      ['3.5000', '0.10'],
    ] as const;
    expect(stageDepth({ ...update, asks: [['9', '9']], bids: [['8', '8']] }, stage)).toBe(true);
    expect(stageDepth({ ...update, seqnum: 8n, asks }, stage)).toBe(true);
    expect([stage.firstSequence, stage.sequence, stage.venueTimeMs]).toEqual([8, 8, 1_000]);
    expect([stage.asks.count, stage.bids.count]).toEqual([3, 0]);
    expect([...stage.asks.prices.subarray(0, 3)]).toEqual([105, 200, 350]);
    expect([...stage.asks.amounts.subarray(0, 3)]).toEqual([30, 0, 1]);
  });

  test.each([
    ['a number from 2^53 on', { seqnum: 2n ** 53n }],
    ['a number below 0', { seqnum: -1n }],
    ['a time that is no whole number', { venueTimeMs: 0.5 }],
    ['a time below 0', { venueTimeMs: -1 }],
    ['a digit of a price beyond the scale', { asks: [['1.001', '1']] }],
    ['a digit of an amount beyond the scale', { bids: [['1', '1.01']] }],
    ['a price of zero', { bids: [['0.00', '1']] }],
    ['an empty text', { asks: [['', '1']] }],
    ['a sign', { asks: [['1', '-1']] }],
    ['an exponent', { asks: [['1e3', '1']] }],
    ['no digit behind the point', { asks: [['1.', '1']] }],
    ['no digit before the point', { asks: [['.1', '1']] }],
    ['two points', { asks: [['1.0.0', '1']] }],
    ['an amount from 2^53 on', { asks: [['1', '900719925474099.2']] }],
  ] satisfies [string, Partial<DepthContent>][])('does not take %s', (_what, change) => {
    const stage = createDepthStage({ priceScale: 2, amountScale: 1 });
    expect(stageDepth({ ...update, ...change }, stage)).toBe(false);
  });

  test('every decimal becomes the number that a bigint gives, or is not taken', () => {
    const digits = (maxLength: number): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom(...'0001234567899'), minLength: 1, maxLength });
    const text = fc.oneof(
      digits(18),
      fc.tuple(digits(12), digits(20)).map((parts) => parts.join('.')),
      fc.constantFrom('9007199254740991', '9007199254740992', '9007199254.740991', '9007199254.740992'),
    );
    fc.assert(
      fc.property(text, fc.nat(15), (amount, amountScale) => {
        const stage = createDepthStage({ priceScale: 0, amountScale });
        const taken = stageDepth({ ...update, asks: [['1', amount]] }, stage);
        expect(taken ? stage.asks.amounts[0] : undefined).toBe(scaledByHand(amount, amountScale));
      }),
      { numRuns: 2_000 },
    );
  });
});
