import {
  type Audience,
  createAscendexDialect,
  type Dialect,
  type Market,
  settled,
  startExchangeSimulator,
  type Venue,
} from '../../packages/exchange-simulator/src/index.ts';
import { loadPairs } from '../simulator/load-pairs.ts';
import { numbersOf } from './drawn-numbers.ts';
import type { LoadPlan } from './load-plan.ts';
import { serveReadings } from './load-server.ts';
import { MadeBook } from './made-book.ts';
import { createSteadyRuntime } from './steady-timers.ts';
import { createTruthBooks } from './truth-books.ts';

const plan: LoadPlan = JSON.parse(process.argv[2] ?? '');
const pairs = loadPairs(plan.symbols, 1);
const truth = createTruthBooks();
const books = new Map<string, MadeBook>();
let isMoving = true;
let audience: Audience | undefined;
let opened: Venue | undefined;
const simulator = await startExchangeSimulator({
  market: {
    ...{ kind: 'synthetic', seed: 'depth-load', pairs, traders: false },
    depthIntervalMs: plan.depthIntervalMs,
  },
  users: [],
  dialect: withMadeBooks(),
  runtime: createSteadyRuntime(publish),
});
const venue = opened as Venue | undefined;
if (venue === undefined) throw new Error('expected a venue, got none');
serveReadings({
  ...{ simulator, venue, truth },
  stop() {
    isMoving = false;
  },
});

function publish(): void {
  if (!isMoving) return;
  const nowMs = Date.now();
  for (const book of books.values()) {
    const event = book.change(nowMs);
    truth.take({ ...event, whole: false });
    audience?.deliver(event);
  }
}

/** AscendEX over a market whose books are made up here: streams, limits and messages are the simulator's, the engine has nothing to do. */
function withMadeBooks(): Dialect {
  const dialect = createAscendexDialect();
  return {
    ...dialect,
    open(venue) {
      opened = venue;
      makeBooks(venue);
      return dialect.open({ ...venue, market: marketOf(venue.market) });
    },
  };
}

function makeBooks({ listings }: Venue): void {
  const next = numbersOf(20_210_417);
  for (const { symbol, homeTicks } of pairs) {
    const listing = listings.get(symbol);
    if (listing === undefined) throw new Error(`expected a listing of ${symbol}, got none`);
    const book = new MadeBook(listing, homeTicks, plan.ordersPerBook / 2, next);
    books.set(symbol, book);
    truth.take({ symbol, ...book.image(Number.POSITIVE_INFINITY), whole: true });
  }
}

function marketOf(market: Market): Market {
  const made: Partial<Market> = {
    book: (symbol, depth) => books.get(symbol)?.image(depth),
    open(listener) {
      audience = listener;
      market.open(listener);
    },
    requestBook(symbol, answer) {
      const book = books.get(symbol)?.image(Number.POSITIVE_INFINITY);
      if (book !== undefined) answer({ book });
      return settled;
    },
  };
  return new Proxy(market, {
    get(target, name: keyof Market) {
      const value = made[name] ?? target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
