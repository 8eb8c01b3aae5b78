import { expect, test } from 'vitest';
import { createInstrument } from './instrument.ts';

const terms = { pair: 'A-B', base: 'A', quote: 'B', tickSize: '0.1', lotSize: '2' };
const limits = { minAmount: '4', maxAmount: '8', minNotional: '5', maxNotional: '9', feeReserveRate: '0.1' };

test('what is left out has its default: no limits, no fee, the pair as the symbol, trading', () => {
  const { tickSize, lotSize, ...rest } = createInstrument(terms);
  expect([`${tickSize}`, `${lotSize}`]).toEqual(['0.1', '2']);
  expect(Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value?.toString()]))).toEqual({
    ...{ pair: 'A-B', base: 'A', quote: 'B', venueSymbol: 'A-B', status: 'trading', venueStatus: 'trading' },
    ...{ feeAsset: 'quote', minAmount: '0', maxAmount: undefined, minNotional: '0', maxNotional: undefined },
    feeReserveRate: '0',
  });
});

test('what is given is kept, the venue’s own words included, and nothing can be changed', () => {
  const words = { venueSymbol: 'a_b', status: 'halted', venueStatus: 'Paused', feeAsset: 'base' } as const;
  const instrument = createInstrument({ ...terms, ...limits, ...words });
  expect(instrument).toMatchObject(words);
  for (const [name, text] of Object.entries(limits)) {
    expect(`${instrument[name as keyof typeof limits]}`).toBe(text);
  }
  expect(createInstrument({ ...terms, status: 'halted' }).venueStatus).toBe('halted');
  expect(() => Object.assign(instrument, { pair: 'C-D' })).toThrow(TypeError);
});

test.each([
  [{ tickSize: '0' }, 'tickSize: expected above zero, got 0'],
  [{ tickSize: '-0.1' }, 'tickSize: expected above zero, got -0.1'],
  [{ lotSize: '0' }, 'lotSize: expected above zero, got 0'],
  [{ tickSize: 'ten' }, 'tickSize: expected a decimal, got "ten"'],
  [{ minAmount: '-1' }, 'minAmount: expected zero or more, got -1'],
  [{ maxAmount: '-1' }, 'maxAmount: expected zero or more, got -1'],
  [{ minNotional: '-1' }, 'minNotional: expected zero or more, got -1'],
  [{ maxNotional: '-1' }, 'maxNotional: expected zero or more, got -1'],
  [{ feeReserveRate: '-0.001' }, 'feeReserveRate: expected zero or more, got -0.001'],
  [{ minAmount: '8.1' }, 'minAmount: expected at most the maxAmount, 8, got 8.1'],
  [{ minNotional: '9.1' }, 'minNotional: expected at most the maxNotional, 9, got 9.1'],
])('rules that cannot be are refused by name: %j', (change, message) => {
  expect(() => createInstrument({ ...terms, ...limits, ...change })).toThrow(
    expect.objectContaining({
      ...{ code: 'invalid-options', message: expect.stringContaining(`A-B: ${message}`) },
    }),
  );
});

test('a minimum may be the maximum, or have none', () => {
  const { minAmount, maxAmount } = createInstrument({ ...terms, minAmount: '8', maxAmount: '8' });
  expect(minAmount.equals(maxAmount ?? '0')).toBe(true);
  expect(`${createInstrument({ ...terms, minNotional: '1000000' }).minNotional}`).toBe('1000000');
});
