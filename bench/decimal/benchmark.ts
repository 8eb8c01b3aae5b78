import type { Benchmark } from '../measure.ts';

/** Exact decimals on numbers as an exchange sends them. */
export const decimalBenchmark: Benchmark = {
  name: 'decimal',
  program: new URL('./program.ts', import.meta.url),
  subjects: ['big.js', 'venuekit', 'decimal.js', 'bignumber.js'],
  operations: ['parse', 'add', 'multiply', 'compare', 'add and format'],
};
