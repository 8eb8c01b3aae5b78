import type { Benchmark } from '../measure.ts';
import { streams } from './order-stream.ts';

/** Matching: limit and market orders and cancels, mixed. */
export const simulatorBenchmark: Benchmark = {
  name: 'simulator',
  program: new URL('./program.ts', import.meta.url),
  subjects: ['nodejs-order-book', 'hft-limit-order-book', 'venuekit'],
  operations: Object.keys(streams),
};
