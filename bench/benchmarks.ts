import { benchmarkBooks } from './book/benchmark.ts';
import { decimalBenchmark } from './decimal/benchmark.ts';
import { benchmarkDepth } from './depth/benchmark.ts';
import { measureEndless } from './depth/endless.ts';
import { measureDepthLoad } from './depth-load/benchmark.ts';
import { benchmarkLimiters } from './limiter/benchmark.ts';
import { measure } from './measure.ts';
import { benchmarkRest } from './rest/benchmark.ts';
import { simulatorBenchmark } from './simulator/benchmark.ts';
import { measureDay } from './simulator/day.ts';
import { measureLoad } from './simulator/load.ts';
import { benchmarkWs } from './ws/benchmark.ts';

/** Something that can be measured. */
export interface NamedBenchmark {
  /** Prints what it measured, as Markdown. */
  run(rounds: number): void | Promise<void>;
  /** Rounds, or minutes, where none are said; 7 if left out. */
  readonly usual?: number;
  /** Packages that are compared, by which their versions are found. */
  readonly peers: readonly string[];
}

/** All of them, in the order in which they are run. */
export const benchmarks: Readonly<Record<string, NamedBenchmark>> = {
  decimal: {
    run: (rounds) => measure(decimalBenchmark, rounds),
    peers: ['big.js', 'decimal.js', 'bignumber.js'],
  },
  depth: { run: benchmarkDepth, peers: ['ccxt', 'ccxt-4.5.63', 'tardis-dev', 'sorted-btree'] },
  'depth-memory': { run: () => measureEndless(), peers: [] },
  book: { run: benchmarkBooks, peers: ['ccxt', 'ccxt-4.5.63', 'tardis-dev', 'sorted-btree'] },
  ws: { run: benchmarkWs, peers: ['ws', 'ccxt', 'ccxt-4.5.63', 'tardis-dev'] },
  'depth-load': { run: measureDepthLoad, usual: 5, peers: ['ws'] },
  rest: { run: benchmarkRest, peers: ['ky', 'undici'] },
  limiter: {
    run: benchmarkLimiters,
    peers: ['ccxt', 'bottleneck', 'p-throttle', 'limiter', 'rate-limiter-flexible'],
  },
  simulator: {
    run: (rounds) => measure(simulatorBenchmark, rounds),
    peers: ['nodejs-order-book', 'hft-limit-order-book'],
  },
  'simulator-day': { run: () => measureDay(24), peers: [] },
  'simulator-load': { run: () => measureLoad(), peers: [] },
};
