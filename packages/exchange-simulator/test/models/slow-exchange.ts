import type {
  Balance,
  CancelReason,
  CancelRefusalCode,
  EngineEvent,
  EngineFill,
  EngineLevel,
  EngineOrder,
  FeeRates,
  InstrumentRules,
  LedgerLine,
  MoneyUnits,
  OrderRequest,
  OrderSide,
  RefusalCode,
  TradingStatus,
} from '../../src/engine/engine-types.ts';
import type { MatchingEngine, MatchingEngineOptions, Placement } from '../../src/engine/matching-engine.ts';
import { fractionOf, product, roundedUp, wholeNumber } from './fraction.ts';
import { SlowPurses } from './slow-purses.ts';
import {
  baseOf,
  coversRates,
  faultOf,
  feeAssetOf,
  givenAssetOf,
  givenFor,
  gotAssetOf,
  holdFor,
  notionalOf,
  reachesStop,
  takesAt,
} from './slow-rules.ts';

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

interface SlowOrder extends Writable<EngineOrder> {
  /** Its place among all that ever came. */
  readonly came: number;
  /** Its place among all that were ever put into a book; undefined if it is in none. */
  entered: number | undefined;
}

interface Market {
  readonly rules: InstrumentRules;
  status: TradingStatus;
  lastTicks: number | undefined;
}

interface Account {
  readonly name: string;
  rates: FeeRates;
}

/** An event as it is told, before it has its number and its time. */
type News<Event = EngineEvent> = Event extends EngineEvent ? Omit<Event, 'sequence' | 'atMs'> : never;

/** The exchange by the words of its contract and in the plainest way: lists, which are searched and sorted anew at each step. */
export class SlowExchange implements Omit<MatchingEngine, 'snapshot'> {
  readonly #options: MatchingEngineOptions;
  readonly #markets: readonly Market[];
  readonly #accounts: Account[] = [];
  readonly #purses = new SlowPurses();
  /** The live ones, in the order of their coming. */
  #orders: SlowOrder[] = [];
  #sequence = 0;
  #nowMs = 0;
  #came = 0;
  #entered = 0;

  constructor(options: MatchingEngineOptions) {
    this.#options = options;
    this.#markets = options.instruments.map((rules) => ({
      rules,
      status: rules.status ?? 'trading',
      lastTicks: undefined,
    }));
  }

  get symbols(): readonly string[] {
    return this.#markets.map(({ rules }) => rules.symbol);
  }

  openAccount(name: string, rates: FeeRates = this.#options.fees): void {
    if (this.#accounts.some((each) => each.name === name)) throw new Error(`${name} is there already`);
    this.#checkRates(rates);
    this.#accounts.push({ name, rates });
  }

  setFees(name: string, rates: FeeRates): void {
    this.#checkRates(rates);
    this.#account(name).rates = rates;
  }

  deposit(account: string, asset: string, units: MoneyUnits, atMs: number): void {
    this.#nowMs = atMs;
    this.#purses.change(account, asset, units, 0n);
    this.#purses.pass(asset, 'deposited', units);
    this.#tell({ kind: 'balance', account, asset, change: units });
  }

  withdraw(account: string, asset: string, units: MoneyUnits, atMs: number): boolean {
    this.#nowMs = atMs;
    if (units > this.#purses.available(account, asset)) return false;
    this.#purses.change(account, asset, -units, 0n);
    this.#purses.pass(asset, 'withdrawn', units);
    this.#tell({ kind: 'balance', account, asset, change: -units });
    return true;
  }

  transfer(from: string, to: string, asset: string, units: MoneyUnits, atMs: number): boolean {
    for (const name of [from, to]) this.#account(name);
    this.#nowMs = atMs;
    if (units > this.#purses.available(from, asset)) return false;
    this.#purses.change(from, asset, -units, 0n);
    this.#purses.change(to, asset, units, 0n);
    this.#tell({ kind: 'balance', account: from, asset, change: -units });
    this.#tell({ kind: 'balance', account: to, asset, change: units });
    return true;
  }

  check(request: OrderRequest): RefusalCode | undefined {
    if (!this.#accounts.some(({ name }) => name === request.account)) return 'unknown-account';
    const market = this.#markets.find(({ rules }) => rules.symbol === request.symbol);
    if (market === undefined) return 'unknown-instrument';
    if (market.status !== 'trading') return 'not-trading';
    if (this.order(request.id) !== undefined) return 'duplicate-id';
    const fault = faultOf(market.rules, request);
    if (fault !== undefined) return fault;
    const needed = holdFor(market.rules, request.side, request.priceTicks, request.sizeLots);
    const asset = givenAssetOf(market.rules, request.side);
    return needed > this.#purses.available(request.account, asset) ? 'insufficient-funds' : undefined;
  }

  place(request: OrderRequest, atMs: number): Placement {
    const refusal = this.check(request);
    if (refusal !== undefined) return { refusal };
    this.#nowMs = atMs;
    const order = this.#accept(request);
    const { side, stopTicks } = order;
    const { lastTicks } = this.#market(order.symbol);
    const isReached =
      stopTicks === undefined || (lastTicks !== undefined && reachesStop(side, stopTicks, lastTicks));
    if (isReached) this.#dealWith(order);
    return { order };
  }

  cancel(id: string, atMs: number): CancelRefusalCode | undefined {
    this.#nowMs = atMs;
    const order = this.#orders.find((each) => each.id === id);
    if (order === undefined) return 'unknown-order';
    if (this.status(order.symbol) === 'halted') return 'not-trading';
    this.#end(order, 'requested');
    return undefined;
  }

  cancelAll(account: string, atMs: number, symbol?: string): readonly EngineOrder[] {
    const canceled = this.orders(account, symbol).filter((each) => this.status(each.symbol) !== 'halted');
    for (const { id } of canceled) this.cancel(id, atMs);
    return canceled;
  }

  setStatus(symbol: string, status: TradingStatus): void {
    this.#market(symbol).status = status;
  }

  status(symbol: string): TradingStatus {
    return this.#market(symbol).status;
  }

  order(id: string): EngineOrder | undefined {
    return this.#orders.find((each) => each.id === id);
  }

  orders(account: string, symbol?: string): readonly EngineOrder[] {
    const own = this.#orders.filter((each) => each.account === account);
    return own.filter((each) => symbol === undefined || each.symbol === symbol);
  }

  levels(symbol: string, side: OrderSide, depth?: number): readonly EngineLevel[] {
    const prices = new Set(this.#book(symbol, side).map(({ priceTicks }) => priceTicks));
    const levels = [...prices].map((priceTicks) => this.#level(symbol, side, priceTicks));
    return levels.slice(0, depth);
  }

  last(symbol: string): number | undefined {
    return this.#market(symbol).lastTicks;
  }

  balance(account: string, asset: string): Balance {
    return this.#purses.balance(account, asset);
  }

  balances(account: string): ReadonlyMap<string, Balance> {
    return this.#purses.balances(account);
  }

  ledger(): ReadonlyMap<string, LedgerLine> {
    return this.#purses.ledger();
  }

  #checkRates(rates: FeeRates): void {
    const areCovered = this.#markets.every(({ rules }) => coversRates(rules, rates));
    if (!areCovered) throw new Error(`the reserve does not cover ${rates.maker} and ${rates.taker}`);
  }

  #accept(request: OrderRequest): SlowOrder {
    const { id, account, symbol, side, kind, sizeLots, priceTicks, stopTicks, postOnly = false } = request;
    const { rules } = this.#market(symbol);
    const isMarket = kind === 'market' || kind === 'stop-market';
    const held = holdFor(rules, side, priceTicks, sizeLots);
    const order: SlowOrder = {
      ...{ id, account, symbol, side, kind, sizeLots, priceTicks, stopTicks, postOnly, held },
      timeInForce: isMarket ? 'IOC' : (request.timeInForce ?? 'GTC'),
      placedAtMs: this.#nowMs,
      status: stopTicks === undefined ? 'open' : 'waiting',
      cancelReason: undefined,
      filledLots: 0,
      filledQuote: 0n,
      fee: 0n,
      feeAsset: feeAssetOf(rules, side),
      came: this.#came,
      entered: undefined,
    };
    this.#came += 1;
    this.#purses.change(account, givenAssetOf(rules, side), 0n, held);
    this.#orders.push(order);
    this.#tell({ kind: 'order', change: 'accepted', order });
    return order;
  }

  /** Lets an order go, then the stops that it has triggered, then those that these have triggered. */
  #dealWith(incoming: SlowOrder): void {
    const due = [incoming];
    for (let order = due.shift(); order !== undefined; order = due.shift()) {
      if (order.status === 'waiting') {
        order.status = 'open';
        this.#tell({ kind: 'order', change: 'triggered', order });
      }
      const prices = this.#enter(order);
      for (const stop of this.#orders.filter(({ symbol }) => symbol === incoming.symbol)) {
        const { side, stopTicks = 0, status } = stop;
        if (status !== 'waiting' || due.includes(stop)) continue;
        if (prices.some((priceTicks) => reachesStop(side, stopTicks, priceTicks))) due.push(stop);
      }
    }
  }

  /** Matches an order and puts what is left where it belongs; gives the prices of its trades. */
  #enter(order: SlowOrder): number[] {
    const prices: number[] = [];
    const takenLots = this.#takeable(order).reduce((sum, maker) => sum + restOf(maker), 0);
    if (order.postOnly && takenLots > 0) {
      this.#end(order, 'would-take');
      return prices;
    }
    if (order.timeInForce === 'FOK' && takenLots < order.sizeLots) {
      this.#end(order, 'not-fillable');
      return prices;
    }
    for (;;) {
      const [maker] = this.#takeable(order);
      if (maker === undefined || restOf(order) === 0) break;
      prices.push(maker.priceTicks);
      this.#trade(maker, order);
    }
    if (restOf(order) > 0) this.#leave(order);
    return prices;
  }

  #leave(order: SlowOrder): void {
    if (order.timeInForce === 'GTC') {
      this.#entered += 1;
      order.entered = this.#entered;
      this.#tellLevel(order);
    } else this.#end(order, 'nothing-left-to-take');
  }

  #trade(maker: SlowOrder, taker: SlowOrder): void {
    const { symbol, priceTicks } = maker;
    const sizeLots = Math.min(restOf(maker), restOf(taker));
    this.#market(symbol).lastTicks = priceTicks;
    this.#tell({ kind: 'trade', symbol, priceTicks, sizeLots, buyerIsMaker: maker.side === 'buy' });
    this.#fill(maker, priceTicks, sizeLots, 'maker');
    this.#fill(taker, priceTicks, sizeLots, 'taker');
    this.#tellLevel(maker);
  }

  #fill(order: SlowOrder, priceTicks: number, sizeLots: number, role: EngineFill['role']): void {
    const { account, side } = order;
    const { rules } = this.#market(order.symbol);
    const quote = notionalOf(rules, priceTicks, sizeLots);
    const base = baseOf(rules, sizeLots);
    const [given, got] = side === 'buy' ? [quote, base] : [base, quote];
    const rate = fractionOf(this.#account(account).rates[role]);
    const wanted = roundedUp(product(wholeNumber(order.feeAsset === rules.quote ? quote : base), rate));
    const restLots = restOf(order) - sizeLots;
    // Neither may a fee take what the rest of the order needs for its own trades: it would no longer be held for them.
    const spare = order.held - given - givenFor(rules, side, order.priceTicks, restLots);
    const isFromHold = order.feeAsset === givenAssetOf(rules, side);
    const fee = isFromHold && wanted > spare ? spare : wanted;
    const left = order.held - given - (isFromHold ? fee : 0n);
    const needed = holdFor(rules, side, order.priceTicks, restLots);
    const held = left < needed ? left : needed;
    this.#purses.change(account, givenAssetOf(rules, side), -given, held - order.held);
    this.#purses.change(account, gotAssetOf(rules, side), got, 0n);
    this.#purses.change(account, order.feeAsset, -fee, 0n);
    this.#purses.pass(order.feeAsset, 'fees', fee);
    order.held = held;
    order.filledLots += sizeLots;
    order.filledQuote += quote;
    order.fee += fee;
    if (restLots === 0) this.#forget(order, 'filled');
    const fill = { priceTicks, sizeLots, quote, fee, role };
    this.#tell({ kind: 'order', change: 'filled', order, fill });
  }

  #end(order: SlowOrder, reason: CancelReason): void {
    const wasInBook = order.entered !== undefined;
    const { rules } = this.#market(order.symbol);
    this.#purses.change(order.account, givenAssetOf(rules, order.side), 0n, -order.held);
    order.held = 0n;
    order.cancelReason = reason;
    this.#forget(order, 'canceled');
    this.#tell({ kind: 'order', change: 'canceled', order });
    if (wasInBook) this.#tellLevel(order);
  }

  #forget(order: SlowOrder, status: 'filled' | 'canceled'): void {
    order.status = status;
    order.entered = undefined;
    this.#orders = this.#orders.filter((each) => each !== order);
  }

  /** What an order can take, in the order in which it takes it. */
  #takeable({ symbol, side, priceTicks }: SlowOrder): SlowOrder[] {
    const others = this.#book(symbol, side === 'buy' ? 'sell' : 'buy');
    return others.filter((maker) => takesAt(side, priceTicks, maker.priceTicks));
  }

  /** One side of a book, the best first and at each price the one that came into it first. */
  #book(symbol: string, side: OrderSide): SlowOrder[] {
    const sign = side === 'buy' ? -1 : 1;
    return this.#orders
      .filter((each) => each.symbol === symbol && each.side === side && each.entered !== undefined)
      .sort(
        (one, other) =>
          sign * (one.priceTicks - other.priceTicks) || (one.entered ?? 0) - (other.entered ?? 0),
      );
  }

  #level(symbol: string, side: OrderSide, priceTicks: number): EngineLevel {
    const there = this.#book(symbol, side).filter((each) => each.priceTicks === priceTicks);
    return { priceTicks, sizeLots: there.reduce((sum, each) => sum + restOf(each), 0) };
  }

  #tellLevel({ symbol, side, priceTicks }: SlowOrder): void {
    this.#tell({ kind: 'level', symbol, side, ...this.#level(symbol, side, priceTicks) });
  }

  #tell(news: News): void {
    this.#sequence += 1;
    const event: EngineEvent = { ...news, sequence: this.#sequence, atMs: this.#nowMs };
    this.#options.onEvent?.(event);
  }

  #market(symbol: string): Market {
    const market = this.#markets.find(({ rules }) => rules.symbol === symbol);
    if (market === undefined) throw new Error(`there is no ${symbol}`);
    return market;
  }

  #account(name: string): Account {
    const account = this.#accounts.find((each) => each.name === name);
    if (account === undefined) throw new Error(`there is no ${name}`);
    return account;
  }
}

function restOf({ sizeLots, filledLots }: SlowOrder): number {
  return sizeLots - filledLots;
}
