import type { Random } from '@venuekit/connector-core';
import type { FeeRates, InstrumentRules, OrderRequest, TradingStatus } from '../src/engine/engine-types.ts';
import type { MatchingEngine, MatchingEngineOptions } from '../src/engine/matching-engine.ts';
import { toText, toUnits } from '../src/engine/money.ts';
import { createSeededRandom, drawInteger } from '../src/seeded-random.ts';

/** Something that is asked of an exchange. */
export type Operation =
  | { readonly kind: 'place'; readonly request: OrderRequest }
  | { readonly kind: 'cancel'; readonly id: string }
  | { readonly kind: 'cancelAll'; readonly account: string; readonly symbol: string | undefined }
  | {
      readonly kind: 'deposit' | 'withdraw';
      readonly account: string;
      readonly asset: string;
      readonly units: bigint;
    }
  | {
      readonly kind: 'transfer';
      readonly account: string;
      readonly to: string;
      readonly asset: string;
      readonly units: bigint;
    }
  | FeesOperation
  | { readonly kind: 'setStatus'; readonly symbol: string; readonly status: TradingStatus };

export interface FeesOperation {
  readonly kind: 'openAccount' | 'setFees';
  readonly account: string;
  /** Those of everybody if left out, which only somebody new can. */
  readonly fees?: FeeRates;
}

/** The smallest amounts that there are, so that each fee, hold and bound is rounded, and few prices, so that all meet. */
const bounds = { minNotional: '0.000000005', maxNotional: '0.00000011' };
const instruments: readonly InstrumentRules[] = [
  {
    ...{ symbol: 'AAA/USD', base: 'AAA', quote: 'USD', commission: 'quote', reserveRate: '0.05', ...bounds },
    ...{ tickSize: '1', lotSize: '0.000000001', minSize: '0.000000001', maxSize: '0.000000012' },
  },
  {
    ...{ symbol: 'BBB/USD', base: 'BBB', quote: 'USD', commission: 'base', reserveRate: '0.06', ...bounds },
    ...{ tickSize: '0.5', lotSize: '0.000000002', minSize: '0.000000003', maxSize: '0.000000023' },
    status: 'cancel-only',
  },
  {
    ...{ symbol: 'CCC/USD', base: 'CCC', quote: 'USD', commission: 'received', reserveRate: '0.01' },
    ...{ tickSize: '0.0003', lotSize: '0.00001', minSize: '0.00001', maxSize: '0.000115' },
    ...{ minNotional: '0.00000001', maxNotional: '0.0000003' },
  },
];

const symbols = instruments.map(({ symbol }) => symbol);
const accounts = ['ann', 'bob', 'cyd', 'dan'];
/** Units that a price of the middle, or a lot, comes to. Nothing is traded for EUR. */
const grains: Readonly<Record<string, number>> = { USD: 12, AAA: 1, BBB: 2, CCC: 10_000, EUR: 1 };
const assets = Object.keys(grains);

/** Nothing is asked of makers, or they get a rebate; takers pay as much as is reserved; the same of both; more than is reserved. */
const rates: readonly FeeRates[] = [
  { maker: '0', taker: '0.03' },
  { maker: '-0.15', taker: '0.0123' },
  { maker: '0.01', taker: '0.05' },
  { maker: '0.05', taker: '0.05' },
  { maker: '0.01', taker: '0.050000001' },
  { maker: '0.050000001', taker: '0.01' },
];

export const engineOptions: MatchingEngineOptions = { instruments, fees: { maker: '0.005', taker: '0.02' } };

/** The same with amounts as many times as great. */
export function magnified(times: bigint): MatchingEngineOptions {
  const greater = (text: string): string => toText(toUnits(text, 'amount') * times);
  return {
    ...engineOptions,
    instruments: instruments.map((rules) => ({
      ...rules,
      ...{
        lotSize: greater(rules.lotSize),
        minSize: greater(rules.minSize),
        maxSize: greater(rules.maxSize),
      },
      ...{ minNotional: greater(rules.minNotional), maxNotional: greater(rules.maxNotional) },
    })),
  };
}

export const facts: {
  readonly symbols: readonly string[];
  readonly accounts: readonly string[];
  readonly assets: readonly string[];
} = { symbols, accounts, assets };

/**
 * What comes before everything else.
 * @param times how many times as great amounts are.
 */
export function opening(times: bigint = 1n): Operation[] {
  const opened: Operation[] = accounts.map((account, index) => {
    const fees = index < 3 ? rates[index] : undefined;
    return { kind: 'openAccount', account, ...(fees && { fees }) };
  });
  const paid: Operation[] = accounts.flatMap((account) =>
    assets.map((asset) => ({
      kind: 'deposit',
      account,
      asset,
      units: times * BigInt(25 * (grains[asset] ?? 1)),
    })),
  );
  return [...opened, ...paid];
}

/** Draws operations, with an eye on the orders that there are. */
export class DrawnOperations {
  readonly #random: Random;
  readonly #times: bigint;

  /** @param times how many times as great amounts are. */
  constructor(seed: number, times: bigint = 1n) {
    this.#random = createSeededRandom(seed);
    this.#times = times;
  }

  next(exchange: Pick<MatchingEngine, 'orders'>): Operation {
    const share = this.#below(1000, 'kind');
    if (share < 720) return { kind: 'place', request: this.#request() };
    if (share < 820) return { kind: 'cancel', id: this.#idToCancel(exchange) };
    if (share < 826) return { kind: 'cancelAll', account: this.#account(), symbol: this.#symbolOrAll() };
    if (share < 896) return this.#money('deposit', 24);
    if (share < 946) return this.#money('withdraw', 24);
    if (share < 966) return this.#transfer();
    if (share < 968) return { kind: 'openAccount', account: this.#account(), fees: this.#rates() };
    if (share < 980) return { kind: 'setFees', account: this.#account(), fees: this.#rates() };
    return this.#setStatus();
  }

  #request(): OrderRequest {
    const kind = this.#pick(
      [...Array<'limit'>(6).fill('limit'), 'market', 'stop-limit', 'stop-limit', 'stop-market'] as const,
      'order kind',
    );
    const side = this.#pick(['buy', 'sell'] as const, 'side');
    const isStop = kind === 'stop-limit' || kind === 'stop-market';
    const isMarket = kind === 'market' || kind === 'stop-market';
    const timeInForce = this.#pick([undefined, undefined, 'GTC', 'GTC', 'GTC', 'IOC', 'FOK'] as const, 'tif');
    const request: OrderRequest = {
      id: `order ${this.#below(3000, 'id')}`,
      account: this.#account(),
      symbol: this.#pick(symbols, 'symbol'),
      ...{ side, kind },
      sizeLots: 1 + this.#below(13, 'size'),
      priceTicks: this.#price(side === 'buy' ? 0 : 1) + (isMarket && side === 'buy' ? 3 : 0),
      ...(isStop && { stopTicks: this.#price(1) }),
      ...(timeInForce !== undefined && !isMarket && { timeInForce }),
      ...(kind === 'limit' && timeInForce === 'GTC' && { postOnly: this.#below(3, 'post-only') === 0 }),
    };
    return this.#below(12, 'spoilt') === 0 ? this.#spoilt(request) : request;
  }

  /** Something is wrong with it, or may be. */
  #spoilt(request: OrderRequest): OrderRequest {
    const count = (): number =>
      this.#pick([0, -1, 1.5, Number.NaN, 2 ** 53, Number.MAX_SAFE_INTEGER, 21], 'bad count');
    const changes: readonly (() => object)[] = [
      () => ({ account: 'nobody' }),
      () => ({ symbol: 'ZZZ/USD' }),
      () => ({ sizeLots: count() }),
      () => ({ priceTicks: count() }),
      () => ({ stopTicks: count() }),
      () => ({ stopTicks: undefined }),
      () => ({ postOnly: true }),
      () => ({ timeInForce: this.#pick(['GTC', 'IOC', 'FOK', 'DAY'], 'any tif') }),
      () => ({ kind: this.#pick(['market', 'limit', 'stop-limit', 'iceberg'], 'any kind') }),
      () => ({ side: 'both' }),
    ];
    const once = { ...request, ...this.#pick(changes, 'spoil')() };
    // Two faults at once show which is looked for first.
    return this.#below(3, 'twice') === 0 ? { ...once, ...this.#pick(changes, 'spoil')() } : once;
  }

  #idToCancel(exchange: Pick<MatchingEngine, 'orders'>): string {
    const live = exchange.orders(this.#account());
    const isLive = live.length > 0 && this.#below(8, 'cancel') > 0;
    return isLive ? this.#pick(live, 'live').id : `order ${this.#below(3000, 'id')}`;
  }

  #money(kind: 'deposit' | 'withdraw', most: number): Operation {
    const asset = this.#pick(assets, 'asset');
    const units = 1 + this.#below(most * (grains[asset] ?? 1), 'units');
    return { kind, account: this.#account(), asset, units: this.#times * BigInt(units) };
  }

  /** Now and then to nobody, or to the same account. */
  #transfer(): Operation {
    const to = this.#below(8, 'nobody') === 0 ? 'nobody' : this.#pick(accounts, 'to');
    const asset = this.#pick(assets, 'asset');
    const units = this.#times * BigInt(1 + this.#below(24 * (grains[asset] ?? 1), 'units'));
    return { kind: 'transfer', account: this.#account(), to, asset, units };
  }

  #setStatus(): Operation {
    const isTrading = this.#below(6, 'status') > 0;
    const status = isTrading ? 'trading' : this.#pick(['cancel-only', 'halted'] as const, 'stopped');
    return { kind: 'setStatus', symbol: this.#pick(symbols, 'symbol'), status };
  }

  /** Around the middle of few prices. */
  #price(more: number): number {
    return 1 + more + this.#below(5, 'price') + this.#below(5, 'price');
  }

  #account(): string {
    return this.#pick(accounts, 'account');
  }

  #rates(): FeeRates {
    return this.#pick(rates, 'rates');
  }

  #symbolOrAll(): string | undefined {
    return this.#pick([undefined, ...symbols], 'symbol or all');
  }

  #pick<Item>(items: readonly Item[], key: string): Item {
    const item = items[this.#below(items.length, key)];
    return item as Item;
  }

  #below(limit: number, key: string): number {
    return drawInteger(this.#random, key, limit);
  }
}
