import type { Rates } from './accounts.ts';
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
import { holdOf } from './instrument.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { Matcher } from './matcher.ts';
import type { MatchingEngine, Placement } from './matching-engine.ts';
import type { Member } from './member.ts';
import { invalid } from './money.ts';
import { hashOf } from './order-index.ts';
import { shapeRefusal } from './request-rules.ts';
import { takeSnapshot } from './take-snapshot.ts';

const nothing: Balance = { total: 0n, held: 0n };

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

  transfer(from: string, to: string, asset: string, units: MoneyUnits, atMs: number): boolean {
    requireAmount(units);
    const { accounts, tell } = this.#parts;
    const [giver, taker] = [accounts.get(from), accounts.get(to)];
    tell.atMs = atMs;
    if (!accounts.transfer(giver, taker, asset, units)) return false;
    tell.balance(from, asset, -units);
    tell.balance(to, asset, units);
    return true;
  }

  check(request: OrderRequest): RefusalCode | undefined {
    const market = this.#parts.markets.get(request.symbol);
    const member = this.#member(request.account, market);
    if (typeof member === 'string') return member;
    if (market === undefined) return 'unknown-instrument';
    const refusal = this.#refusal(request, market, hashOf(request.id));
    if (refusal !== undefined) return refusal;
    const { side, priceTicks, sizeLots } = request;
    const isCovered = member.covers(side, holdOf(market.instrument, side, priceTicks, sizeLots));
    return isCovered ? undefined : 'insufficient-funds';
  }

  place(request: OrderRequest, atMs: number): Placement {
    const market = this.#parts.markets.get(request.symbol);
    const member = this.#member(request.account, market);
    if (typeof member === 'string') return { refusal: member };
    if (market === undefined) return { refusal: 'unknown-instrument' };
    const idHash = hashOf(request.id);
    const refusal = this.#refusal(request, market, idHash);
    if (refusal !== undefined) return { refusal };
    const holds = holdOf(market.instrument, request.side, request.priceTicks, request.sizeLots);
    if (!member.covers(request.side, holds)) return { refusal: 'insufficient-funds' };
    this.#parts.tell.atMs = atMs;
    this.#parts.numbers += 1;
    const order = new BookOrder(request, member, this.#parts.numbers, atMs);
    order.holds = holds;
    member.given(order.side).hold(holds);
    this.#parts.live.add(order, idHash);
    member.account.orders.add(order);
    this.#matcher.enter(order);
    return { order };
  }

  cancel(id: string, atMs: number): CancelRefusalCode | undefined {
    const order = this.#parts.live.get(id);
    if (order === undefined) return 'unknown-order';
    if (order.market.instrument.status === 'halted') return 'not-trading';
    this.#parts.tell.atMs = atMs;
    this.#matcher.cancel(order);
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
    return this.#parts.accounts.get(account).holdings.get(asset)?.balance ?? { ...nothing };
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

  #member(name: string, market: InstrumentMarket | undefined): Member | RefusalCode {
    const known = market?.members.get(name);
    if (known !== undefined) return known;
    const account = this.#parts.accounts.find(name);
    if (account === undefined) return 'unknown-account';
    return market?.admit(account) ?? 'unknown-instrument';
  }

  /** Why it is refused, whatever the account has. */
  #refusal(request: OrderRequest, { instrument }: InstrumentMarket, idHash: number): RefusalCode | undefined {
    if (instrument.status !== 'trading') return 'not-trading';
    if (this.#parts.live.get(request.id, idHash) !== undefined) return 'duplicate-id';
    return shapeRefusal(request, instrument);
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
