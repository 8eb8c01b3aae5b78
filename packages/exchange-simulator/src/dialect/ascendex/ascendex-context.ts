import type { TradingDesk } from '../../desk/desk-types.ts';
import type { Venue } from '../../venue/venue.ts';
import type { AscendexOptions } from './ascendex-options.ts';
import { type Authenticator, createAuthenticator } from './authentication.ts';
import { type CancelEntry, createCancelEntry } from './cancel-entry.ts';
import { createMarketReference } from './market-reference.ts';
import { createOrderEntry, type OrderEntry } from './order-entry.ts';
import { createOrderIds, type OrderIds } from './order-ids.ts';
import { createOrderIntake } from './order-intake.ts';
import { createOrderText, type OrderText } from './order-text.ts';
import { isSpot } from './products.ts';
import { createRequestsUnderWay } from './requests-under-way.ts';

/** Where customers trade, in the way of this dialect. */
export interface AscendexTrading {
  readonly desk: TradingDesk;
  readonly orders: OrderEntry;
  readonly cancels: CancelEntry;
}

/** All that REST and the stream serve from. */
export interface AscendexContext extends Venue {
  readonly options: AscendexOptions;
  /** Symbols that the venue lists, those without a market here among them. */
  readonly listed: ReadonlySet<string>;
  readonly authenticator: Authenticator;
  readonly ids: OrderIds;
  readonly text: OrderText;
  /** `undefined` while a recording is played. */
  readonly trading: AscendexTrading | undefined;
}

/** Makes the parts that both share. */
export function createAscendexContext(venue: Venue, options: AscendexOptions): AscendexContext {
  const { market, users, clock, desk, listings, random } = venue;
  const ids = createOrderIds(options.uidForm, random);
  return {
    ...venue,
    options,
    listed: new Set(market.products.filter(isSpot).map(({ symbol }) => symbol)),
    authenticator: createAuthenticator({ users, clock, options }),
    ids,
    text: createOrderText(listings, options),
    trading: desk === undefined ? undefined : createTrading(venue, desk, ids, options),
  };
}

function createTrading(
  { market, listings, clock, timers }: Venue,
  desk: TradingDesk,
  ids: OrderIds,
  options: AscendexOptions,
): AscendexTrading {
  const reference = createMarketReference(market);
  const underWay = createRequestsUnderWay({ desk, clock, timers, options });
  const intake = createOrderIntake({ listings, desk, underWay, reference, ids, clock, options });
  return {
    desk,
    orders: createOrderEntry({ intake, underWay, clock, options }),
    cancels: createCancelEntry({ desk, underWay, ids, listed: listings, clock, options }),
  };
}
