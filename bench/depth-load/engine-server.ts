import {
  createAscendexDialect,
  type Dialect,
  startExchangeSimulator,
  type Venue,
} from '../../packages/exchange-simulator/src/index.ts';
import { loadPairs } from '../simulator/load-pairs.ts';
import type { LoadPlan } from './load-plan.ts';
import { serveReadings } from './load-server.ts';
import { createOrderFlow } from './order-flow.ts';
import { createSteadyRuntime } from './steady-timers.ts';
import { createTruthBooks } from './truth-books.ts';

const plan: LoadPlan = JSON.parse(process.argv[2] ?? '');
const pairs = loadPairs(plan.symbols, 1);
const truth = createTruthBooks();
const assets = pairs.flatMap(({ rules: { base, quote } }) => [base, quote]);
const balances = Object.fromEntries(assets.map((asset) => [asset, '1000000000']));
let isMoving = false;
let opened: Venue | undefined;
const simulator = await startExchangeSimulator({
  market: {
    ...{ kind: 'synthetic', seed: 'depth-load', pairs, traders: false },
    depthIntervalMs: plan.depthIntervalMs,
  },
  users: [{ balances }],
  dialect: showing((venue) => {
    opened = venue;
  }),
  runtime: createSteadyRuntime(() => {
    if (isMoving) flow.step();
  }),
  truth: (entry) => {
    if (entry.kind === 'book') truth.take(entry);
  },
});
const venue = opened as Venue | undefined;
if (venue?.desk === undefined) throw new Error('expected a venue with a desk, got none');
const flow = createOrderFlow(venue.desk, simulator.users[0]?.cash ?? '', pairs);
flow.fill(plan.ordersPerBook);
isMoving = true;
serveReadings({
  ...{ simulator, venue, truth },
  stop() {
    isMoving = false;
  },
});

/** AscendEX, and a way to its desk: orders that come through no socket cost what orders cost, and nothing else. */
function showing(show: (venue: Venue) => void): Dialect {
  const dialect = createAscendexDialect();
  return {
    ...dialect,
    open(venue) {
      show(venue);
      return dialect.open(venue);
    },
  };
}
