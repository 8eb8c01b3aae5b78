import { type Account, holdingOf } from './accounts.ts';
import type { OrderSide } from './engine-types.ts';
import type { Holding } from './holding.ts';
import { givenAssetOf } from './instrument.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import type { Units } from './units.ts';

/** An account as a member of one market: what its orders move there, looked up once. */
export class Member {
  readonly account: Account;
  readonly market: InstrumentMarket;
  #base: Holding | undefined;
  #quote: Holding | undefined;

  constructor(account: Account, market: InstrumentMarket) {
    this.account = account;
    this.market = market;
  }

  /** True if so much is available of what an order gives. Asking makes no holding. */
  covers(side: OrderSide, units: Units): boolean {
    const known = side === 'buy' ? this.#quote : this.#base;
    const given = known ?? this.account.holdings.get(givenAssetOf(this.market.instrument, side));
    return given?.available.covers(units) === true;
  }

  /** What the account has of what an order gives. */
  given(side: OrderSide): Holding {
    return side === 'buy' ? this.#ofQuote() : this.#ofBase();
  }

  /** What the account has of what an order gets. */
  got(side: OrderSide): Holding {
    return side === 'buy' ? this.#ofBase() : this.#ofQuote();
  }

  #ofBase(): Holding {
    this.#base ??= holdingOf(this.account, this.market.instrument.base);
    return this.#base;
  }

  #ofQuote(): Holding {
    this.#quote ??= holdingOf(this.account, this.market.instrument.quote);
    return this.#quote;
  }
}
