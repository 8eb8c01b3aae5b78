import { type Account, availableOf, balanceOf, change, type Rates } from './accounts.ts';
import { BookOrder } from './book-order.ts';
import { type EngineParts, ratesFor } from './engine-parts.ts';
import type { EngineSnapshot } from './engine-snapshot.ts';
import type {
  Balance,
  CancelRefusalCode,
  EngineLevel,
  EngineOrder,
  FeeRates,
  LedgerLine,
  MoneyUnits,
  OrderRequest,
  OrderSide,
  RefusalCode,
  TradingStatus,
} from './engine-types.ts';
import { feeAssetOf, givenAssetOf, holdOf } from './instrument.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { Matcher } from './matcher.ts';
import type { MatchingEngine, Placement } from './matching-engine.ts';
import { invalid } from './money.ts';
import { shapeRefusal } from './request-rules.ts';
import { takeSnapshot } from './take-snapshot.ts';

/** A request that can be taken. */
interface Accepted {
  readonly account: Account;
  readonly market: InstrumentMarket;
  /** What it holds, and how much. */
  readonly asset: string;
  readonly hold: MoneyUnits;
}

/** The engine over its parts. */
export class Engine implements MatchingEngine {
  readonly #parts: EngineParts;
  readonly #matcher: Matcher;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#matcher = new Matcher(parts);
  }

  get symbols(): readonly string[] {
    return [...this.#parts.markets.keys()];
  }

  openAccount(account: string, fees?: FeeRates): void {
    this.#parts.accounts.open(account, this.#rates(fees ?? this.#parts.fees), fees);
  }

  setFees(account: string, fees: FeeRates): void {
    Object.assign(this.#parts.accounts.get(account), { fees, rates: this.#rates(fees) });
  }

  deposit(account: string, asset: string, units: MoneyUnits, atMs: number): void {
    requireAmount(units);
    this.#parts.tell.atMs = atMs;
    this.#parts.accounts.deposit(this.#parts.accounts.get(account), asset, units);
    this.#parts.tell.balance(account, asset, units);
  }

  withdraw(account: string, asset: string, units: MoneyUnits, atMs: number): boolean {
    requireAmount(units);
    this.#parts.tell.atMs = atMs;
    if (!this.#parts.accounts.withdraw(this.#parts.accounts.get(account), asset, units)) return false;
    this.#parts.tell.balance(account, asset, -units);
    return true;
  }

  check(request: OrderRequest): RefusalCode | undefined {
    const judged = this.#judge(request);
    return typeof judged === 'string' ? judged : undefined;
  }

  place(request: OrderRequest, atMs: number): Placement {
    const judged = this.#judge(request);
    if (typeof judged === 'string') return { refusal: judged };
    this.#parts.tell.atMs = atMs;
    const order = this.#take(request, judged, atMs);
    this.#matcher.enter(judged.market, order);
    return { order };
  }

  cancel(id: string, atMs: number): CancelRefusalCode | undefined {
    const order = this.#parts.live.get(id);
    if (order === undefined) return 'unknown-order';
    const market = this.#market(order.symbol);
    if (market.instrument.status === 'halted') return 'not-trading';
    this.#parts.tell.atMs = atMs;
    this.#matcher.cancel(market, order);
    return undefined;
  }

  cancelAll(account: string, atMs: number, symbol?: string): readonly EngineOrder[] {
    const live = this.orders(account, symbol);
    return live.filter(({ id }) => this.cancel(id, atMs) === undefined);
  }

  setStatus(symbol: string, status: TradingStatus): void {
    this.#market(symbol).instrument.status = status;
  }

  status(symbol: string): TradingStatus {
    return this.#market(symbol).instrument.status;
  }

  order(id: string): EngineOrder | undefined {
    return this.#parts.live.get(id);
  }

  orders(account: string, symbol?: string): readonly EngineOrder[] {
    const orders = [...this.#parts.accounts.get(account).orders];
    return symbol === undefined ? orders : orders.filter((order) => order.symbol === symbol);
  }

  levels(symbol: string, side: OrderSide, depth: number = Number.POSITIVE_INFINITY): readonly EngineLevel[] {
    return this.#market(symbol).sideOf(side).top(depth);
  }

  last(symbol: string): number | undefined {
    return this.#market(symbol).instrument.lastTicks;
  }

  balance(account: string, asset: string): Balance {
    return balanceOf(this.#parts.accounts.get(account), asset);
  }

  balances(account: string): ReadonlyMap<string, Balance> {
    const { holdings } = this.#parts.accounts.get(account);
    const names = [...holdings.keys()].sort();
    return new Map(names.map((asset) => [asset, this.balance(account, asset)]));
  }

  ledger(): ReadonlyMap<string, LedgerLine> {
    return this.#parts.accounts.ledger();
  }

  snapshot(): EngineSnapshot {
    return takeSnapshot(this.#parts);
  }

  #rates(fees: FeeRates): Rates {
    return ratesFor(fees, this.#parts.markets.values());
  }

  /** Why a request is refused, or what it comes to. */
  #judge(request: OrderRequest): RefusalCode | Accepted {
    const account = this.#parts.accounts.find(request.account);
    if (account === undefined) return 'unknown-account';
    const market = this.#parts.markets.get(request.symbol);
    if (market === undefined) return 'unknown-instrument';
    const { instrument } = market;
    if (instrument.status !== 'trading') return 'not-trading';
    if (this.#parts.live.has(request.id)) return 'duplicate-id';
    const refusal = shapeRefusal(request, instrument);
    if (refusal !== undefined) return refusal;
    const { side, priceTicks, sizeLots } = request;
    const hold = holdOf(instrument, side, priceTicks, sizeLots);
    const asset = givenAssetOf(instrument, side);
    return availableOf(account, asset) < hold ? 'insufficient-funds' : { account, market, asset, hold };
  }

  #take(request: OrderRequest, { account, market, asset, hold }: Accepted, atMs: number): BookOrder {
    this.#parts.numbers += 1;
    const feeAsset = feeAssetOf(market.instrument, request.side);
    const order = new BookOrder(request, this.#parts.numbers, feeAsset, atMs);
    order.held = hold;
    change(account, asset, 0n, hold);
    this.#parts.live.set(order.id, order);
    account.orders.add(order);
    return order;
  }

  /** @throws VenueError `invalid-options` for a symbol that is not there. */
  #market(symbol: string): InstrumentMarket {
    const market = this.#parts.markets.get(symbol);
    if (market === undefined) throw invalid(`${symbol}: expected one of ${this.symbols.join(', ')}`);
    return market;
  }
}

function requireAmount(units: MoneyUnits): void {
  if (units <= 0n) throw invalid(`amount: expected more than 0 units, got ${units}`);
}
