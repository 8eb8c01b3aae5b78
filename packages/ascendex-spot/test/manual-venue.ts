import type { ConnectorEvent, MarketHandle } from '@venuekit/connector-core';
import { createManualRuntime, type ManualRuntime, type ManualSocket } from '@venuekit/connector-kit/testing';
import { type AscendexSpot, type AscendexSpotOptions, createAscendexSpot } from '../src/index.ts';

/** A row of the venue's product list. */
export function product(symbol: string, extra: object = {}): object {
  return {
    ...{ symbol, displayName: symbol, domain: 'USDS', tradingStartTime: 0, collapseDecimals: '1,0.1' },
    ...{ minQty: '0.0001', maxQty: '1000', minNotional: '5', maxNotional: '1000000', statusCode: 'Normal' },
    ...{ statusMessage: '', tickSize: '0.01', useTick: false, lotSize: '0.0001', useLot: false },
    ...{ commissionType: 'Quote', commissionReserveRate: '0.001', qtyScale: 4, priceScale: 2 },
    ...{ notionalScale: 4 },
    ...extra,
  };
}

/** A depth message of `BTC/USDT`, and a snapshot if `m` says so. */
export function depth(
  m: 'depth' | 'depth-snapshot',
  seqnum: number,
  bids: readonly (readonly [string, string])[] = [['9', '1']],
): object {
  return { m, symbol: 'BTC/USDT', data: { ts: 1, seqnum, bids, asks: [['11', '1']] } };
}

/** A trade as the venue writes it. */
export function tradeRow(seqnum: number, change: object = {}): object {
  return { p: '1', q: '1', ts: 1, bm: true, seqnum, ...change };
}

/** Trades of `BTC/USDT`. */
export function trades(...rows: readonly object[]): object {
  return { m: 'trades', symbol: 'BTC/USDT', data: rows };
}

/** Lets everything happen that needs no time: promises, and what a runtime does in its own turns. */
export async function turns(count = 60): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** What becomes of a promise: `resolved`, or the code or message of its error. */
export function outcomeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (error) => error.code ?? error.message,
  );
}

/** The same, or `pending` if nothing became of it by now. */
export function fateOf(promise: Promise<unknown>): Promise<string> {
  return Promise.race([outcomeOf(promise), turns().then(() => 'pending')]);
}

/** What the venue answers to REST: a whole reply or its `data`, perhaps later, or `undefined` for no answer at all. */
export type RestAnswers = (url: URL, runtime: ManualRuntime) => unknown;

export interface ManualVenueOptions {
  readonly streamUrl?: string;
  /** `undefined` for a product list that never comes. */
  readonly products?: readonly object[] | undefined;
  readonly answer?: RestAnswers;
  readonly limits?: AscendexSpotOptions['limits'];
  readonly venueOptions?: NonNullable<AscendexSpotOptions['venueOptions']>;
}

/** A connector whose venue is the test: no socket, no real time. */
export interface ManualVenue {
  readonly runtime: ManualRuntime;
  readonly connector: AscendexSpot;
  /** Everything that the connector told, from the beginning. */
  readonly events: readonly ConnectorEvent[];
  /** REST requests, as path and query. */
  readonly urls: readonly string[];
  /** Another connector of the same process. */
  make(streamUrl?: string, own?: Partial<AscendexSpotOptions>): AscendexSpot;
  /** The newest socket. */
  socket(): ManualSocket;
  /** Lets the venue say something: an object as JSON, text as it is. */
  say(message: unknown): void;
  /** Connects and greets. */
  goLive(connector?: AscendexSpot): Promise<void>;
  /** What was sent on the newest socket with this `op`. */
  sent(
    op: string,
  ): readonly { readonly id: string; readonly ch: string; readonly args: { symbol: string } }[];
  /** Confirms every subscription asked for so far. */
  confirm(): Promise<void>;
}

export function createManualVenue(options: ManualVenueOptions = {}): ManualVenue {
  const products = 'products' in options ? options.products : [product('BTC/USDT'), product('ETH/USDT')];
  const { streamUrl = 'ws://v.test/', answer, limits, venueOptions } = options;
  const urls: string[] = [];
  const runtime = createManualRuntime({
    fetch: async (request) => {
      const url = new URL(request.url);
      urls.push(decodeURIComponent(`${url.pathname}${url.search}`));
      const data = url.pathname.includes('products') ? products : await answer?.(url, runtime);
      if (data instanceof Response) return data;
      if (data === undefined) return new Promise<Response>(() => {});
      return new Response(JSON.stringify({ code: 0, data }), {
        headers: { 'content-type': 'application/json' },
      });
    },
  });
  const make = (stream = streamUrl, own: Partial<AscendexSpotOptions> = {}) =>
    createAscendexSpot({
      endpoints: { restUrl: 'http://v.test/', streamUrl: stream },
      runtime,
      ...(limits === undefined ? {} : { limits }),
      ...(venueOptions === undefined ? {} : { venueOptions }),
      ...own,
    });
  const connector = make();
  const events: ConnectorEvent[] = [];
  connector.events.subscribe((event) => events.push(event));
  const socket = () => runtime.sockets.at(-1) as ManualSocket;
  const say = (message: unknown) => {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    socket().handlers.message(Buffer.from(text));
  };
  const sent = (op: string) =>
    socket()
      .sent.map((frame) => JSON.parse(frame))
      .filter((frame) => frame.op === op);
  return {
    ...{ runtime, connector, events, urls, make, socket, say, sent },
    goLive: async (venue = connector) => {
      const dials = runtime.sockets.length;
      const connecting = venue.connect();
      let ended = false;
      void outcomeOf(connecting).finally(() => {
        ended = true;
      });
      while (runtime.sockets.length === dials && !ended) await turns(1);
      if (ended) return connecting;
      socket().handlers.opened();
      say({ m: 'connected', type: 'unauth' });
      await connecting;
    },
    confirm: async () => {
      await runtime.advance(0);
      for (const { id, ch } of sent('sub')) say({ m: 'sub', id, ch, code: 0 });
    },
  };
}

/** A venue with an open, live book of `BTC-USDT` at number 10, bid 9 and ask 11. */
export async function withLiveBook(venue: ManualVenue): Promise<MarketHandle> {
  await venue.goLive();
  const market = await venue.connector.marketData.open('BTC-USDT');
  market.book.read();
  await venue.confirm();
  venue.say(depth('depth-snapshot', 10));
  return market;
}

/** The state of a book, with number and bid if it is live. */
export function inBrief(book: MarketHandle['book']): string {
  const view = book.read();
  return view.state === 'live' ? `live ${view.sequence} bid ${view.bestBid?.price}` : view.state;
}
