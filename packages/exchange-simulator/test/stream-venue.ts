import { createHmac } from 'node:crypto';
import { createDesk } from '../src/desk/desk.ts';
import type { TradingDesk } from '../src/desk/desk-types.ts';
import { createAscendexDialect } from '../src/dialect/ascendex/ascendex-dialect.ts';
import type { AscendexChoices } from '../src/dialect/ascendex/ascendex-options.ts';
import type { FrameLabel, OpenDialect, StreamConnection } from '../src/dialect/dialect.ts';
import { createMatchingEngine } from '../src/engine/create-engine.ts';
import type { InstrumentRules, OrderRequest } from '../src/engine/engine-types.ts';
import { toUnits } from '../src/engine/money.ts';
import { createFaultControl, type FaultControl } from '../src/faults/fault-control.ts';
import { createFloor, type Floor } from '../src/floor/floor.ts';
import { createListing } from '../src/floor/listing.ts';
import type { Market } from '../src/market/market.ts';
import type { ProductRecord } from '../src/market/product.ts';
import { createSeededRandom } from '../src/seeded-random.ts';
import { type Counters, createCounters } from '../src/stats.ts';
import { createUserDirectory } from '../src/users/user-directory.ts';
import type { User, UserOptions } from '../src/users/user-types.ts';
import { createEngineMarket } from '../src/world/engine-market.ts';
import { workedRules } from './desk-case.ts';
import {
  createHandMadeRuntime,
  type HandMadeRuntime,
  startMs as runtimeStartMs,
} from './hand-made-runtime.ts';
import { createPlainBars } from './plain-bars.ts';

/** The time of the worked examples of the venue's protocol. */
const workedTimeMs = 1_767_225_600_123;

const others: readonly InstrumentRules[] = ['BTC/USDT', 'ETH/USDT'].map((symbol) => ({
  ...workedRules,
  symbol,
  base: symbol.slice(0, 3),
  tickSize: '0.01',
  lotSize: '0.001',
}));

/** A made-up pair of key and secret. */
export const credentials = {
  key: 'simOnlyKey0123456789ABCDEFGHIJKL',
  secret: 'simOnlySecret0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno',
};

/** Two customers of different groups: the one of the worked examples, and another. */
const usualUsers: readonly UserOptions[] = [
  { group: 4, balances: { USDT: '1000', ASD: '250' }, keys: [credentials] },
  { group: 5, balances: { USDT: '1000', ASD: '250' }, keys: [{ key: 'otherKey', secret: 'otherSecret' }] },
];

export interface VenueCaseOptions {
  readonly choices?: AscendexChoices;
  readonly users?: readonly UserOptions[];
  /** How long the engine takes for a request, in milliseconds. */
  readonly delayMs?: number;
  readonly nowMs?: number;
}

/** A message as a client gets it. */
export interface Got {
  readonly text: string;
  readonly label: FrameLabel | undefined;
}

export interface VenueClient {
  readonly got: readonly Got[];
  /** How the venue ended the stream: `cut`, or a close code. */
  readonly ends: readonly (string | number)[];
  readonly stream: StreamConnection;
  send(message: object | string): void;
  /** Messages since the last time. */
  heard(): readonly Message[];
  /** Logs in, and forgets what came until then. */
  logIn(ready?: boolean): void;
  /** Asks for something, and gives what came for it. */
  ask(message: object): readonly Message[];
}

/** A message, as far as tests look into it. */
export type Message = Record<string, unknown> & { readonly data?: Record<string, unknown> };

export interface ConnectOptions {
  readonly path?: string;
  readonly address?: string;
  readonly headers?: Record<string, string>;
  readonly onText?: (text: string) => void;
}

export interface VenueCase {
  readonly dialect: OpenDialect;
  readonly runtime: HandMadeRuntime;
  readonly desk: TradingDesk;
  readonly floor: Floor;
  readonly market: Market;
  readonly faults: FaultControl;
  readonly counters: Counters;
  readonly users: readonly User[];
  now(): number;
  refusal(options?: ConnectOptions): number | undefined;
  connect(options?: ConnectOptions): VenueClient;
  /** An order of somebody who is no customer. */
  place(request: Partial<OrderRequest> & Pick<OrderRequest, 'side' | 'sizeLots' | 'priceTicks'>): string;
}

/** The documented signature. */
export function sign(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64');
}

/** A venue with three pairs whose books are empty. */
export function venueCase({ choices, users = usualUsers, delayMs, nowMs }: VenueCaseOptions = {}): VenueCase {
  const runtime = createHandMadeRuntime();
  const offsetMs = (nowMs ?? workedTimeMs) - runtimeStartMs;
  const clock = { now: () => runtime.clock.now() + offsetMs, monotonic: runtime.clock.monotonic };
  const { timers } = runtime;
  const random = createSeededRandom('stream');
  const rules = [workedRules, ...others];
  const listings = new Map(rules.map((one) => [one.symbol, createListing(one)]));
  const fees = { maker: '0.001', taker: '0.001' };
  const floor = createFloor((onEvent) => createMatchingEngine({ instruments: rules, fees, onEvent }), clock);
  const desk = createDesk({ floor, listings, clock, timers, ...(delayMs && { delayMs: () => delayMs }) });
  const directory = createUserDirectory({ desk, fees, random, nameUser, users });
  floor.openAccount('stranger');
  for (const asset of ['ASD', 'BTC', 'ETH', 'USDT']) floor.deposit('stranger', asset, toUnits('1000000', ''));
  const bars = createPlainBars(listings);
  const products = rules.map(productOf);
  const market = createEngineMarket({
    ...{ floor, listings, products, depthIntervalMs: 300, bars, clock, timers, random },
  });
  market.begin();
  const faults = createFaultControl({
    ...{ market, users: directory, clock, timers, random, dropAll: () => {}, speed: 1 },
  });
  const counters = createCounters();
  const { users: struck } = faults;
  const venue = { market, listings, desk, users: struck, faults, counters, clock, timers, random };
  const dialect = createAscendexDialect(choices).open(venue);
  let placed = 0;
  return {
    ...{ dialect, runtime, desk, floor, market, faults, counters, users: directory.users },
    now: clock.now,
    refusal: (options) => dialect.refuseStream(requestOf(options)),
    connect: (options = {}) => connect(dialect, clock.now, options),
    place(request) {
      placed += 1;
      const id = `strange ${placed}`;
      floor.place({ id, account: 'stranger', symbol: 'ASD/USDT', kind: 'limit', ...request });
      return id;
    },
  };
}

function nameUser(number: number): { uid: string; cash: string; margin: string } {
  const tail = `Sim000000000000000000000000A${number}`;
  return { uid: `U042004204${number + 1}`, cash: `csh${tail}`, margin: `mar${tail}` };
}

function productOf(rules: InstrumentRules): ProductRecord {
  const { symbol, base, quote, minNotional, maxNotional, tickSize, lotSize, reserveRate } = rules;
  return {
    ...{ symbol, displayName: symbol, baseAsset: base, quoteAsset: quote, status: 'Normal' },
    ...{ minNotional, maxNotional, marginTradable: false, commissionType: 'Quote', tickSize, lotSize },
    commissionReserveRate: reserveRate,
  };
}

function requestOf({
  path = '/4/api/pro/v1/stream',
  address = '10.0.0.1',
  headers = {},
}: ConnectOptions = {}) {
  return { path, address, headers: new Headers(headers) };
}

function connect(dialect: OpenDialect, now: () => number, options: ConnectOptions): VenueClient {
  const got: Got[] = [];
  const ends: (string | number)[] = [];
  let read = 0;
  const stream = dialect.openStream(requestOf(options), {
    send(text, label) {
      got.push({ text, label });
      options.onText?.(text);
    },
    pong: () => {},
    cut: () => void ends.push('cut'),
    close: (code) => void ends.push(code),
    bufferedBytes: 0,
  });
  const send = (message: object | string): void =>
    stream.receive(typeof message === 'string' ? message : JSON.stringify(message));
  const heard = (): readonly Message[] => {
    const from = read;
    read = got.length;
    return got.slice(from).map(({ text }) => JSON.parse(text) as Message);
  };
  return {
    ...{ got, ends, stream, send, heard },
    logIn(ready = false) {
      const path = options.path?.includes('/v2/') ? 'v2/stream' : 'stream';
      const t = now();
      const sig = sign(credentials.secret, `${t}+${path}`);
      send({ op: 'auth', id: 'login', t, key: credentials.key, sig, ...(ready && { ack: 'ready' }) });
      heard();
    },
    ask(message) {
      heard();
      send(message);
      return heard();
    },
  };
}
