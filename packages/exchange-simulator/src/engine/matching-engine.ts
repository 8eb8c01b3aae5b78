import type { EngineSnapshot } from './engine-snapshot.ts';
import type {
  Balance,
  CancelRefusalCode,
  EngineEvent,
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
} from './engine-types.ts';

/** What an engine is made of. */
export interface MatchingEngineOptions {
  readonly instruments: readonly InstrumentRules[];
  /** Of accounts that have none of their own. */
  readonly fees: FeeRates;
  /** Hears everything, at once. It may read the engine, and must not change it. */
  readonly onEvent?: (event: EngineEvent) => void;
}

/** Whether an order was taken. One that was taken may have ended within the call. */
export type Placement =
  | { readonly order: EngineOrder; readonly refusal?: undefined }
  | { readonly refusal: RefusalCode; readonly order?: undefined };

/**
 * An exchange without a clock or a voice: price-time priority, one book per instrument, accounts with an exact ledger.
 *
 * - **Matching**: an incoming order takes the best prices first, at each price the order that came first, at the maker's price. What
 *   is left of a `GTC` limit order is put into the book behind everybody at its price.
 * - **Own orders** match each other like those of strangers.
 * - **Stop orders**: a buy is triggered by a trade at its stop price or above, a sell by one at it or below; also by the last trade before
 *   it came. Those that one incoming order has triggered go when all of it has been dealt with, in the order of their coming;
 *   those that they trigger go behind all that are triggered already.
 * - **Holds**: a buy holds price x size in quote, a sell its size in base; times 1 + the reserve rate where the fee is paid in that asset
 *   on top of it (`quote` buys, `base` sells), rounded up to a unit. A part that was filled gives back what it held and did not spend;
 *   a hold never grows.
 * - **Fees**: each fill pays notional or size x rate, rounded up to a unit. Where that is paid from what the order holds, it is never so
 *   much that the hold no longer covers the rest of the order at its price. So no balance is ever negative, and nothing is held that is
 *   not there.
 */
export interface MatchingEngine {
  readonly symbols: readonly string[];
  /**
   * Opens an account.
   * @param fees its own rates: no more than the reserve of any instrument whose fees are paid from what its orders hold.
   * @throws VenueError `invalid-options` if it is there already, or for such rates.
   */
  openAccount(account: string, fees?: FeeRates): void;
  /** Other rates from now on. @throws VenueError as {@link MatchingEngine.openAccount}. */
  setFees(account: string, fees: FeeRates): void;
  /** Money from outside. */
  deposit(account: string, asset: string, units: MoneyUnits, atMs: number): void;
  /** Money to the outside; `false` if not so much is available, and then nothing was changed. */
  withdraw(account: string, asset: string, units: MoneyUnits, atMs: number): boolean;
  /**
   * Money from one account to another, each of which is told of when both have it; `false` if not so much is available, and then nothing
   * was changed. The ledger has nothing of it.
   * @throws VenueError `invalid-options` for an account that is not there, or no amount; nothing was changed.
   */
  transfer(from: string, to: string, asset: string, units: MoneyUnits, atMs: number): boolean;
  /** Why an order would be refused now; nothing is changed. */
  check(request: OrderRequest): RefusalCode | undefined;
  place(request: OrderRequest, atMs: number): Placement;
  /** Why it is refused; `undefined` if the order was canceled. */
  cancel(id: string, atMs: number): CancelRefusalCode | undefined;
  /** Cancels the live orders of an account, in the order of their coming; gives those that were canceled. Orders of halted instruments stay. */
  cancelAll(account: string, atMs: number, symbol?: string): readonly EngineOrder[];
  setStatus(symbol: string, status: TradingStatus): void;
  status(symbol: string): TradingStatus;
  /** A live order. Ended ones are forgotten. */
  order(id: string): EngineOrder | undefined;
  /** Live orders of an account, in the order of their coming. */
  orders(account: string, symbol?: string): readonly EngineOrder[];
  /** The best first; all of them if no depth is given. */
  levels(symbol: string, side: OrderSide, depth?: number): readonly EngineLevel[];
  /** Price of the last trade. */
  last(symbol: string): number | undefined;
  balance(account: string, asset: string): Balance;
  /** Assets that an account has ever had anything of, by name. */
  balances(account: string): ReadonlyMap<string, Balance>;
  /** By asset. */
  ledger(): ReadonlyMap<string, LedgerLine>;
  /** All of it, as JSON can hold it; `restoreEngine` reads it. */
  snapshot(): EngineSnapshot;
}
