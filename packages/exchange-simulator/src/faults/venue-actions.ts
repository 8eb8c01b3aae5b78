import type { TradingDesk } from '../desk/desk-types.ts';
import type { OrderSide, TradingStatus } from '../engine/engine-types.ts';
import { invalid, toUnits } from '../engine/money.ts';
import type { Listing } from '../floor/listing.ts';
import { excerpt } from '../recording/exact-json.ts';
import { shownValue } from '../shown-value.ts';
import type { User } from '../users/user-types.ts';
import { createTradingStates, type TradingStates } from './trading-states.ts';

/** An order that somebody else places for a customer, on the venue's own pages for example. Without a price it is a market order. */
export interface OutsideOrder {
  readonly account: string;
  readonly symbol: string;
  readonly side: OrderSide;
  /** Decimal text. */
  readonly price?: string;
  /** Decimal text, in base. */
  readonly amount: string;
  /** Empty if left out. */
  readonly clientId?: string;
}

/** What operators of a venue, and others who have an account's password, can do. */
export interface VenueActions {
  readonly symbols: readonly string[];
  /** Names of the accounts that trade. */
  readonly accounts: readonly string[];
  /** What can be owned: bases and quotes of what is listed. */
  readonly assets: readonly string[];
  /** The account of that name, or the cash account of the user who is called so. @throws VenueError `invalid-options` if there is none. */
  accountOf(name: string): string;
  /** What operators want; faults may be harder. @throws VenueError `invalid-options` for a symbol that is not listed. */
  setStatus(symbol: string, status: TradingStatus): void;
  /**
   * The symbol is no more open than this, until it is disposed of.
   * @throws VenueError `invalid-options` for a symbol that is not listed.
   */
  impose(symbol: string, status: TradingStatus): Disposable;
  /** Asks the engine to cancel live orders, at most `most` of each account; gives how many. */
  cancelOrders(filter: {
    readonly account?: string;
    readonly symbol?: string;
    readonly most?: number;
  }): number;
  /**
   * Hands an order in; gives its id.
   * @throws VenueError `invalid-options` for an account, a symbol, a price or an amount that cannot be, or if it would be refused now.
   */
  placeOrder(order: OutsideOrder): string;
  /**
   * Brings money in, or takes it out if `amount` is negative; false if not so much is available.
   * @throws VenueError `invalid-options` for an account, an asset or an amount that cannot be.
   */
  moveMoney(account: string, asset: string, amount: string): boolean;
  /** The first listing of a symbol, or of all. */
  listing(symbol?: string): Listing | undefined;
  /** The best opposite price, in ticks, or that of the last trade. */
  referenceTicks(symbol: string, side: OrderSide): number | undefined;
}

/** What actions are made of. */
export interface VenueActionsOptions {
  readonly desk: TradingDesk;
  readonly listings: ReadonlyMap<string, Listing>;
  readonly users: readonly User[];
  readonly setStatus: (symbol: string, status: TradingStatus) => void;
  /** The best price of a side now, as decimal text; `undefined` if it is empty. */
  readonly bestPrice: (symbol: string, side: OrderSide) => string | undefined;
  /** Makes the id of an order of an account, in the form of the dialect. */
  readonly nameOrder: (account: string) => string;
}

/** Makes the actions on a venue. */
export function createVenueActions(options: VenueActionsOptions): VenueActions {
  return new Actions(options);
}

class Actions implements VenueActions {
  readonly symbols: readonly string[];
  readonly accounts: readonly string[];
  readonly assets: readonly string[];
  readonly #options: VenueActionsOptions;
  readonly #states: TradingStates;

  constructor(options: VenueActionsOptions) {
    this.#options = options;
    this.#states = createTradingStates(
      options.setStatus,
      (symbol) => options.listings.get(symbol)?.rules.status ?? 'trading',
    );
    this.symbols = [...options.listings.keys()];
    this.accounts = options.users.map(({ cash }) => cash);
    this.assets = [...new Set([...options.listings.values()].flatMap(({ base, quote }) => [base, quote]))];
  }

  setStatus(symbol: string, status: TradingStatus): void {
    this.#listing(symbol);
    this.#states.set(symbol, status);
  }

  impose(symbol: string, status: TradingStatus): Disposable {
    this.#listing(symbol);
    return this.#states.impose(symbol, status);
  }

  cancelOrders(filter: Parameters<VenueActions['cancelOrders']>[0]): number {
    const { account, symbol, most = Number.POSITIVE_INFINITY } = filter;
    const { desk } = this.#options;
    const accounts = account === undefined ? this.accounts : [this.accountOf(account)];
    const orders = accounts.flatMap((name) => desk.openOrders(name, symbol).slice(0, most));
    for (const order of orders) desk.cancel(order.account, order.id, order.symbol);
    return orders.length;
  }

  placeOrder(order: OutsideOrder): string {
    const account = this.accountOf(order.account);
    const listing = this.#listing(order.symbol);
    const { symbol, side, clientId = '' } = order;
    const sizeLots = listing.lotsOf(order.amount);
    if (sizeLots === undefined || sizeLots < 1)
      throw wrong(
        'amount',
        `a multiple of ${listing.rules.lotSize} above 0, at most ${listing.sizeText(Number.MAX_SAFE_INTEGER)}`,
        order.amount,
      );
    const kind = order.price === undefined ? 'market' : 'limit';
    const priceTicks = this.#ticks(listing, order);
    const id = this.#options.nameOrder(account);
    const whole = { id, clientId, account, symbol, side, kind, sizeLots, priceTicks } as const;
    const refusal = this.#options.desk.check(whole);
    if (refusal !== undefined) throw wrong('order', 'one that the exchange takes', refusal);
    this.#options.desk.submit(whole);
    return id;
  }

  moveMoney(account: string, asset: string, amount: string): boolean {
    const units = toUnits(amount, 'amount');
    const name = this.accountOf(account);
    if (!this.assets.includes(asset)) throw wrong('asset', `one of ${this.assets.join(', ')}`, asset);
    if (units === 0n) throw wrong('amount', 'other than 0', amount);
    if (units < 0n) return this.#options.desk.withdraw(name, asset, -units);
    this.#options.desk.deposit(name, asset, units);
    return true;
  }

  listing(symbol?: string): Listing | undefined {
    const { listings } = this.#options;
    return symbol === undefined ? listings.values().next().value : listings.get(symbol);
  }

  referenceTicks(symbol: string, side: OrderSide): number | undefined {
    const { bestPrice } = this.#options;
    const text = bestPrice(symbol, side === 'buy' ? 'sell' : 'buy') ?? bestPrice(symbol, side);
    return text === undefined ? undefined : this.#listing(symbol).ticksOf(text);
  }

  /** A market order is given a price that leaves room for a tenth. */
  #ticks(listing: Listing, { symbol, side, price }: OutsideOrder): number {
    if (price === undefined) {
      const reference = this.referenceTicks(symbol, side);
      if (reference === undefined) throw wrong('price', 'a price, because the book is empty', price);
      return Math.max(1, Math.floor((reference * (side === 'buy' ? 11 : 9)) / 10));
    }
    const ticks = listing.ticksOf(price);
    if (ticks === undefined || ticks < 1)
      throw wrong(
        'price',
        `a multiple of ${listing.rules.tickSize} above 0, at most ${listing.priceText(Number.MAX_SAFE_INTEGER)}`,
        price,
      );
    return ticks;
  }

  accountOf(account: string): string {
    const user = this.#options.users.find(({ cash, uid }) => account === cash || account === uid);
    if (user === undefined) throw wrong('account', `one of ${this.accounts.join(', ')}`, account);
    return user.cash;
  }

  #listing(symbol: string): Listing {
    const listing = this.#options.listings.get(symbol);
    if (listing === undefined) throw wrong('symbol', 'one that is listed', symbol);
    return listing;
  }
}

function wrong(name: string, expected: string, got: unknown): Error {
  return invalid(
    `${name}: expected ${expected}, got ${typeof got === 'string' ? excerpt(got) : shownValue(got)}`,
  );
}
