import {
  type DepthContent,
  decodeDepth,
  decodeEnvelope,
  decodeExchangeInfo,
  decodeProducts,
  decodeTickers,
  decodeTrades,
  type EndpointName,
  type ExchangeInfoResponse,
  endpointPath,
  endpoints,
  type ProductsContent,
  type ProductsOptions,
  type TickersContent,
  type TradesContent,
  type VenueLimitId,
} from '@venuekit/ascendex-wire';
import type { AsyncOptions } from '@venuekit/connector-core';
import type { HttpClient, HttpReply } from '@venuekit/connector-kit/http';

/** What the venue answered, decoded, and the reply that it came in. */
export interface RestAnswer<T> {
  readonly content: T;
  readonly reply: HttpReply;
}

/** The venue's public REST endpoints under the venue's own names. Every call rejects with a typed error. */
export interface RestClient {
  products(options: ProductsOptions & AsyncOptions): Promise<RestAnswer<ProductsContent>>;
  /** @param symbols none for all. */
  ticker(symbols: readonly string[], options: AsyncOptions): Promise<RestAnswer<TickersContent>>;
  depth(symbol: string, options: AsyncOptions): Promise<RestAnswer<DepthContent>>;
  trades(symbol: string, n: number, options: AsyncOptions): Promise<RestAnswer<TradesContent>>;
  exchangeInfo(options: AsyncOptions): Promise<RestAnswer<ExchangeInfoResponse>>;
}

/** All endpoints that need no key count together. */
const publicLimit = { id: 'rest' satisfies VenueLimitId, lane: 'query' } as const;

type Query = Readonly<Record<string, string>>;

/** What the client is made of. */
export interface RestClientOptions {
  readonly http: HttpClient;
  /** Local time in milliseconds since the epoch. */
  readonly now: () => number;
  /** Ends every request under way. */
  readonly ending: AbortSignal;
}

/** Makes the client. */
export function createRestClient({ http, now, ending }: RestClientOptions): RestClient {
  const get = async <T>(
    name: EndpointName,
    query: Query,
    { signal, timeoutMs }: AsyncOptions,
    decode: (data: unknown) => T,
  ): Promise<RestAnswer<T>> => {
    const reply = await http.request({
      operation: name,
      method: endpoints[name].method,
      path: endpointPath(name),
      query,
      limit: publicLimit,
      signal: signal === undefined ? ending : AbortSignal.any([signal, ending]),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    const { status: httpStatus, retryAfterMs } = reply;
    return { content: decode(decodeEnvelope(reply.text, name, { httpStatus, retryAfterMs })), reply };
  };

  return {
    products: (options) => get('products', {}, options, (data) => decodeProducts(data, options)),
    // The comma behind a single symbol asks for a list, as several symbols do.
    ticker: (symbols, options) =>
      get('ticker', symbols.length === 0 ? {} : { symbol: `${symbols.join(',')},` }, options, decodeTickers),
    depth: (symbol, options) => get('depth', { symbol }, options, decodeDepth),
    trades: (symbol, n, options) => get('trades', { symbol, n: String(n) }, options, decodeTrades),
    exchangeInfo: (options) =>
      get('exchangeInfo', { requestTime: String(now()) }, options, decodeExchangeInfo),
  };
}
