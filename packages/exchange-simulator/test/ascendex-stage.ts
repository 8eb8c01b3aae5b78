import { createHmac } from 'node:crypto';
import { createDesk } from '../src/desk/desk.ts';
import type { AccountUpdate, TradingDesk } from '../src/desk/desk-types.ts';
import { createAscendexDialect } from '../src/dialect/ascendex/ascendex-dialect.ts';
import type { AscendexChoices } from '../src/dialect/ascendex/ascendex-options.ts';
import type { OpenDialect } from '../src/dialect/dialect.ts';
import { createMatchingEngine } from '../src/engine/create-engine.ts';
import type { InstrumentRules } from '../src/engine/engine-types.ts';
import { toText, toUnits } from '../src/engine/money.ts';
import { createFaultControl } from '../src/faults/fault-control.ts';
import { createFloor, type Floor } from '../src/floor/floor.ts';
import { createListing } from '../src/floor/listing.ts';
import type { Market, MarketBar } from '../src/market/market.ts';
import { createSeededRandom } from '../src/seeded-random.ts';
import { createCounters } from '../src/stats.ts';
import { createUserDirectory } from '../src/users/user-directory.ts';
import type { UserOptions } from '../src/users/user-types.ts';
import { createEngineMarket } from '../src/world/engine-market.ts';
import { toProduct } from '../src/world/listed-product.ts';
import type { MarketBars } from '../src/world/market-bars.ts';
import { createHandMadeRuntime, type HandMadeRuntime } from './hand-made-runtime.ts';

/** Time, user and secret of the worked examples of the venue's protocol; none of them is anybody's. */
export const worked = {
  timeMs: 1_767_225_600_123,
  uid: 'U0420042042',
  key: 'simOnlyKey0123456789ABCDEFGHIJKL',
  secret: 'simOnlySecret0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno',
  group: 7,
};

const nominal = { minSize: '0.000000001', maxSize: '1000000000', reserveRate: '0.001' } as const;

/** One pair for each type of commission; that of the worked example is the first. */
export const stageRules: readonly InstrumentRules[] = [
  {
    ...{ symbol: 'ASD/USDT', base: 'ASD', quote: 'USDT', tickSize: '0.0001', lotSize: '1' },
    ...{ ...nominal, minNotional: '5', maxNotional: '100000', commission: 'quote' },
  },
  {
    ...{ symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', tickSize: '0.01', lotSize: '0.00001' },
    ...{ ...nominal, minNotional: '5', maxNotional: '400000', commission: 'quote' },
  },
  {
    ...{ symbol: 'ETH/BTC', base: 'ETH', quote: 'BTC', tickSize: '0.000001', lotSize: '0.001' },
    ...{ ...nominal, minNotional: '0.0001', maxNotional: '100', commission: 'base' },
  },
  {
    ...{ symbol: 'SOL/USDT', base: 'SOL', quote: 'USDT', tickSize: '0.01', lotSize: '0.01' },
    ...{ ...nominal, minSize: '0.1', maxSize: '1000', minNotional: '5', maxNotional: '100000' },
    commission: 'received',
  },
];

/** What the customer of the stage has. */
export const stageUser: UserOptions = {
  uid: worked.uid,
  group: worked.group,
  email: 'ann@example.test',
  balances: { USDT: '1000', ASD: '250', BTC: '1', ETH: '10', SOL: '50' },
  keys: [{ key: worked.key, secret: worked.secret }],
};

export interface StageOptions {
  readonly choices?: AscendexChoices;
  readonly users?: readonly UserOptions[];
  readonly delayMs?: () => number;
  readonly bars?: MarketBars['bars'];
  /** What is known of the last day of a symbol; nothing if left out. */
  readonly lastDay?: MarketBars['lastDay'];
  /** True if nobody can trade, as while a recording is played. */
  readonly isPlayed?: boolean;
}

/** An answer of REST. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies differ, and tests look into them.
  readonly body: any;
}

export interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly body?: unknown;
  /** Path that is signed; the last part of the path if left out. */
  readonly prehash?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly address?: string;
}

export interface AscendexStage {
  readonly dialect: OpenDialect;
  readonly desk: TradingDesk;
  readonly floor: Floor;
  readonly runtime: HandMadeRuntime;
  readonly market: Market;
  readonly cash: string;
  readonly margin: string;
  /** What the customer's cash account was told so far. */
  readonly updates: readonly AccountUpdate[];
  /** A request without a signature. */
  get(path: string, query?: CallOptions['query']): Promise<Answer>;
  /** A signed request; paths of accounts begin with `~`, which stands for the group. */
  signed(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Places an order of the customer: a limit buy of 500 ASD at 0.0712 unless `fields` say otherwise. */
  place(fields?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** An order of somebody else. */
  rest(side: 'buy' | 'sell', size: string, price: string, symbol?: string): void;
  /** Total and available of the customer. */
  balance(asset: string): readonly [total: string, available: string];
  /** All that a refusal must not change. */
  picture(): unknown;
}

export async function createAscendexStage(options: StageOptions = {}): Promise<AscendexStage> {
  const runtime = createHandMadeRuntime();
  runtime.pass(worked.timeMs - runtime.clock.now());
  const { clock, timers } = runtime;
  const random = createSeededRandom('stage');
  const listings = new Map(stageRules.map((rules) => [rules.symbol, createListing(rules)]));
  const fees = { maker: '0.001', taker: '0.001' };
  const floor = createFloor(
    (onEvent) => createMatchingEngine({ instruments: stageRules, fees, onEvent }),
    clock,
  );
  const { bars: listBars = () => [], lastDay = () => ({}) } = options;
  const bars: MarketBars = { add() {}, bars: listBars, lastDay };
  const market = createEngineMarket({
    ...{ floor, listings, products: stageRules.map(toProduct), depthIntervalMs: 300 },
    ...{ bars, clock, timers, random },
  });
  const delayMs = options.delayMs;
  const desk = createDesk({ floor, listings, clock, timers, ...(delayMs && { delayMs }) });
  const dialect = createAscendexDialect(options.choices);
  const { nameUser } = dialect;
  const served = options.isPlayed === true ? undefined : desk;
  const users = createUserDirectory({
    desk: served,
    fees,
    random,
    nameUser,
    users: options.users ?? [stageUser],
  });
  const faults = createFaultControl({ market, users, clock, timers, random, dropAll() {}, speed: 1 });
  const counters = createCounters();
  const open = dialect.open({
    ...{ market, listings, desk: served, users, faults, counters, clock, timers, random },
  });
  market.begin();
  floor.openAccount('maker', { maker: '0', taker: '0' });
  for (const asset of ['ASD', 'USDT', 'BTC', 'ETH', 'SOL'])
    floor.deposit('maker', asset, toUnits('100000000', ''));
  const [user] = users.users;
  if (user === undefined) throw new Error('expected a user');
  const updates: AccountUpdate[] = [];
  served?.subscribe(user.cash, (update) => updates.push(update));
  const parts = {
    dialect: open,
    desk,
    floor,
    runtime,
    market,
    cash: user.cash,
    margin: user.margin,
    updates,
  };
  return { ...parts, ...createCalls(parts), ...createViews(parts) };
}

type Parts = Pick<AscendexStage, 'dialect' | 'desk' | 'floor' | 'runtime' | 'cash' | 'margin' | 'updates'>;

function createCalls({ dialect, runtime }: Parts): Pick<AscendexStage, 'get' | 'signed' | 'place'> {
  async function send(method: string, path: string, options: CallOptions): Promise<Answer> {
    const { query = {}, body, headers = {}, address = '127.0.0.1' } = options;
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const url = `http://stage.test${path}${search.size === 0 ? '' : `?${search}`}`;
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const given = Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    );
    const request = new Request(url, { method, headers: given as [string, string][], ...sent });
    const response = await dialect.fetch(request, { address });
    const text = await response.text();
    return { status: response.status, text, body: JSON.parse(text) };
  }

  function signed(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { prehash = path.split('/').at(-1) ?? '', headers } = options;
    const own = signHeaders(prehash, runtime.clock.now());
    const full = path.replace('~', String(worked.group));
    return send(method, full, { ...options, headers: { ...own, ...headers } });
  }

  return {
    get: (path, query = {}) => send('GET', path, { query }),
    signed,
    place: (fields = {}) =>
      signed('POST', '/~/api/pro/v1/cash/order', {
        body: {
          ...{ id: 'k7Qm2Zt9X', time: runtime.clock.now(), symbol: 'ASD/USDT', orderPrice: '0.0712' },
          ...{ orderQty: '500', orderType: 'limit', side: 'buy', ...fields },
        },
      }),
  };
}

function createViews({
  floor,
  desk,
  cash,
  margin,
  runtime,
}: Parts): Pick<AscendexStage, 'rest' | 'balance' | 'picture'> {
  let placed = 0;
  return {
    rest(side, size, price, symbol = 'ASD/USDT') {
      const listing = createListing(stageRules.find((rules) => rules.symbol === symbol) as InstrumentRules);
      const [sizeLots, priceTicks] = [listing.lotsOf(size) ?? 0, listing.ticksOf(price) ?? 0];
      placed += 1;
      const order = { id: `maker-${placed}`, account: 'maker', symbol, side, kind: 'limit' } as const;
      const { refusal } = floor.place({ ...order, sizeLots, priceTicks });
      if (refusal !== undefined) throw new Error(`maker: ${refusal}`);
      runtime.pass(0);
    },
    balance(asset) {
      const { total, held } = desk.balance(cash, asset);
      return [toText(total), toText(total - held)];
    },
    picture: () => ({
      balances: [cash, margin].map((account) => [...desk.balances(account)]),
      open: desk.openOrders(cash),
      ended: desk.endedOrders(cash),
      movements: desk.movements(cash),
      ledger: [...floor.engine.ledger()],
    }),
  };
}

/** The headers of a signed request. */
export function signHeaders(
  prehash: string,
  nowMs: number,
  secret: string = worked.secret,
): Record<string, string> {
  return {
    'x-auth-key': worked.key,
    'x-auth-timestamp': String(nowMs),
    'x-auth-signature': createHmac('sha256', secret).update(`${nowMs}+${prehash}`).digest('base64'),
  };
}

/** A bar of a given start and close. */
export function barAt(startMs: number, close: string, volume = '1'): MarketBar {
  return { startMs, open: close, high: close, low: close, close, volume };
}
