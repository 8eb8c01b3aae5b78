import {
  decimal,
  type Instrument,
  type Instruments,
  isVenueError,
  type OrderRequest,
  type OrderType,
  type Runtime,
  type TrackedOrder,
  VenueError,
} from '@venuekit/connector-core';
import { checkOrderRules } from './order-rules.ts';

/** What an order is made with. */
export interface NewOrderOptions {
  readonly runtime: Runtime;
  /** The venue's list. */
  readonly instruments: Pick<Instruments, 'require'>;
  /** Venue id for errors. */
  readonly venue?: string;
  /** Makes the identifier of an order whose caller gave none; by default one of the runtime's. */
  readonly makeClientOrderId?: () => string;
}

const zero = decimal('0');

/**
 * Makes an order of a request: status `created`, with its client identifier, checked against every rule of its market. The
 * value of a market order is not: that takes a price.
 * @throws VenueError as {@link checkOrderRules}, with the client identifier; `market-unavailable` for a pair that is not listed.
 */
export function newOrder(request: OrderRequest<OrderType>, options: NewOrderOptions): TrackedOrder {
  const { runtime, instruments, venue, makeClientOrderId = () => runtime.ids.next('order') } = options;
  const clientOrderId = request.clientOrderId ?? makeClientOrderId();
  const context = { clientOrderId, ...(venue === undefined ? {} : { venue }) };
  const instrument = listed(request, instruments, context);
  const checked = checkOrderRules(request, instrument, context);
  const now = runtime.clock.now();
  return Object.freeze({
    ...{ clientOrderId, venueOrderId: undefined, origin: 'own' },
    ...{ pair: instrument.pair, side: request.side, type: request.type },
    ...checked,
    triggered: checked.stopPrice === undefined ? undefined : false,
    ...{ status: 'created', pendingCommand: 'none', knowledge: 'live' },
    ...{ filledAmount: zero, filledQuote: zero, fees: Object.freeze([]) },
    ...{ createdAtMs: now, changedAtMs: now, venueTimeMs: undefined },
  } as const);
}

/** The market of an order. One that is not listed is refused as every other rule is: nothing was sent. */
function listed(
  { pair }: OrderRequest<OrderType>,
  instruments: NewOrderOptions['instruments'],
  context: { readonly clientOrderId: string; readonly venue?: string },
): Instrument {
  try {
    return instruments.require(pair);
  } catch (error) {
    if (!isVenueError(error)) throw error;
    const { code, message } = error;
    throw new VenueError({
      ...context,
      code,
      message,
      operation: 'placeOrder',
      outcome: 'not-sent',
      rule: { field: 'pair', rule: 'form' },
      cause: error,
    });
  }
}
