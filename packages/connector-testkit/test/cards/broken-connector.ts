import type {
  Book,
  Connector,
  Feed,
  LimitMakerOrderRequest,
  MarketData,
  MarketHandle,
  Runtime,
  SpotConnector,
  Trading,
} from '@venuekit/connector-core';

/** What is broken. */
export type Spot = SpotConnector<'limit_maker'>;

/** One fault, and the cards that find it. */
export interface BrokenConnector {
  /** The card that is about it. */
  readonly card: string;
  /** What the connector does wrong. */
  readonly about: string;
  /** Other cards that find it too. */
  readonly also?: readonly string[];
  readonly break: (connector: Spot, runtime: Runtime) => Connector;
}

/** The same object but for what is given; what is left out comes from the object itself. */
export function vary<T extends object>(object: T, changes: Partial<T>): T {
  return Object.create(object, Object.getOwnPropertyDescriptors(changes)) as T;
}

/** Changes the market-data facet. */
export function varyMarketData(
  connector: Spot,
  change: (marketData: MarketData) => Partial<MarketData>,
): Spot {
  return vary(connector, { marketData: vary(connector.marketData, change(connector.marketData)) });
}

/** Changes every handle. */
export function varyHandle(connector: Spot, change: (handle: MarketHandle) => Partial<MarketHandle>): Spot {
  return varyMarketData(connector, ({ open }) => ({
    open: async (pair, options) => {
      const handle = await open(pair, options);
      return vary(handle, change(handle));
    },
  }));
}

/** Changes every book. */
export function varyBook(connector: Spot, change: (book: Book) => Partial<Book>): Spot {
  return varyHandle(connector, ({ book }) => ({ book: vary(book, change(book)) }));
}

/** Changes the trades of every handle. */
export function varyTrades(
  connector: Spot,
  change: (trades: MarketHandle['trades']) => Partial<MarketHandle['trades']>,
): Spot {
  return varyHandle(connector, ({ trades }) => ({ trades: vary(trades, change(trades)) }));
}

/** Changes the trading facet. */
export function varyTrading(
  connector: Spot,
  change: (trading: Trading<'limit_maker'>) => Partial<Trading<'limit_maker'>>,
): Spot {
  return vary(connector, { trading: vary(connector.trading, change(connector.trading)) });
}

/** Places another order than was asked for. */
export function placing(change: (request: LimitMakerOrderRequest) => object): BrokenConnector['break'] {
  return (connector) =>
    varyTrading(connector, ({ placeOrder }) => ({
      placeOrder: (request, options) => {
        const isOther = request.type !== 'limit_maker';
        return placeOrder(isOther ? request : { ...request, ...change(request) }, options);
      },
    }));
}

/** Tells listeners something else for an event: nothing, or several. */
export function telling<E>(
  feed: Feed<E>,
  change: (event: E) => readonly unknown[],
): Pick<Feed<E>, 'subscribe'> {
  return {
    subscribe: (listener, options) =>
      feed.subscribe((event) => {
        for (const told of change(event) as readonly E[]) listener(told);
      }, options),
  };
}

/** Leaves out what a listener hears at once. */
export function withoutOpening<E>(feed: Feed<E>): Pick<Feed<E>, 'subscribe'> {
  return {
    subscribe: (listener, options) => {
      let isOpening = true;
      const listening = feed.subscribe((event) => {
        if (!isOpening) listener(event);
      }, options);
      isOpening = false;
      return listening;
    },
  };
}

/** A promise that nothing settles. */
export function never(): Promise<never> {
  return new Promise(() => {});
}
