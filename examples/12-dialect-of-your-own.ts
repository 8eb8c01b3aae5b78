/**
 * Another exchange than AscendEX: the Bazaar, which does not exist, with a ticker and orders over REST, and books and own orders on a
 * stream. Engine, traders, accounts, history and faults are the simulator's; the class is all that is the Bazaar's own.
 */
import {
  type AccountUpdate,
  type DepthEvent,
  type DepthStrike,
  type DeskOrder,
  type Dialect,
  moneyText,
  type OpenDialect,
  type StreamConnection,
  type StreamRequest,
  type StreamSink,
  startExchangeSimulator,
  tally,
  type Venue,
} from '@venuekit/exchange-simulator';

/** What a client says, in JSON. */
type Fields = Readonly<Partial<Record<string, string>>>;

/** One client of the stream. */
interface Client {
  readonly sink: StreamSink;
  readonly symbols: Set<string>;
  orders?: Disposable | undefined;
}

class Bazaar implements OpenDialect {
  readonly streamPath = '/live';
  readonly #venue: Venue;
  readonly #clients = new Set<Client>();
  #orders = 0;

  constructor(venue: Venue) {
    this.#venue = venue;
    venue.market.open({
      deliver: (event) => event.kind === 'depth' && this.#deliver(event),
      leftOut: (symbol) => tally(venue.counters.leftOut, symbol),
      follows: (symbol) => !venue.faults.silent && this.#following(symbol).length > 0,
      ...{ wantsLevels: () => false, crowded: () => false },
    });
  }

  isStream(path: string): boolean {
    return path === this.streamPath;
  }

  refuseStream(): undefined {}

  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    tally(this.#venue.counters.rest, pathname);
    if (pathname === '/ticker') return this.#ticker(searchParams.get('market') ?? '');
    if (pathname === '/orders') return this.#placeOrder(request.headers, (await request.json()) as Fields);
    return refuse(404, 'unknown path');
  }

  openStream(_request: StreamRequest, sink: StreamSink): StreamConnection {
    const client: Client = { sink, symbols: new Set() };
    this.#clients.add(client);
    this.#send(client, 'connected', { event: 'welcome' });
    return {
      receive: (text) => this.#receive(client, JSON.parse(text)),
      pinged: (data) => {
        if (!this.#venue.faults.silent) sink.pong(data);
      },
      drained: () => {},
      closed: () => {
        client.orders?.[Symbol.dispose]();
        this.#clients.delete(client);
        this.#venue.market.reconsider();
      },
    };
  }

  #ticker(name: string): Response {
    const book = this.#venue.market.liveBook(symbolOf(name), 1);
    if (book === undefined) return refuse(404, `no market ${name}`);
    return Response.json({ bid: book.bids[0]?.[0], ask: book.asks[0]?.[0] });
  }

  #placeOrder(headers: Headers, { market, side, amount = '', price = '' }: Fields): Response {
    const { desk, listings } = this.#venue;
    const account = this.#accountOf(headers.get('x-key'), headers.get('x-secret'));
    const listing = listings.get(symbolOf(market));
    const [priceTicks, sizeLots] = [listing?.ticksOf(price), listing?.lotsOf(amount)];
    if (desk === undefined || account === undefined) return refuse(403, 'not allowed');
    if (listing === undefined || priceTicks === undefined || sizeLots === undefined)
      return refuse(400, 'malformed order');
    const order: DeskOrder = {
      ...{ id: `B${++this.#orders}`, clientId: '', account, symbol: listing.symbol },
      ...{ side: side === 'sell' ? 'sell' : 'buy', kind: 'limit', sizeLots, priceTicks },
    };
    const refusal = desk.check(order);
    if (refusal !== undefined) return refuse(400, refusal);
    desk.submit(order);
    return Response.json({ id: order.id });
  }

  /** Faults may have taken a right from a key: it is asked each time. */
  #accountOf(name: string | null | undefined, secret: string | null | undefined): string | undefined {
    const { user, key } = this.#venue.users.find(name ?? '') ?? {};
    return key?.canTrade === true && key.revealSecret() === secret ? user?.cash : undefined;
  }

  #receive(client: Client, { key, secret, follow }: Fields): void {
    const { market, desk, counters } = this.#venue;
    counters.received += 1;
    const account = this.#accountOf(key, secret);
    if (account !== undefined) {
      client.orders ??= desk?.subscribe(account, (update) => this.#tellOrder(client, update));
      this.#send(client, 'auth', { event: 'signed-in' });
    }
    const symbol = symbolOf(follow);
    if (!market.symbols.includes(symbol)) return;
    // The first follower starts the clock by which faults are planned.
    market.start();
    market.requestBook(symbol, ({ book: { seqnum, asks, bids } }) => {
      client.symbols.add(symbol);
      this.#send(client, 'snapshot', { event: 'book', number: Number(seqnum), asks, bids }, symbol);
    });
  }

  #deliver(event: DepthEvent): void {
    const { faults, counters } = this.#venue;
    const isJoined = !faults.silent && this.#following(event.symbol).length > 0;
    const isMuted = faults.mutes(event.symbol, 'depth');
    const { deliveries, lost } = isMuted ? muted : faults.depth.strike(event, isJoined);
    if (lost) tally(counters.leftOut, event.symbol);
    for (const { event: sent, cut } of deliveries) {
      const { symbol, seqnum, asks, bids } = sent;
      tally(counters.emitted, symbol);
      const change = { event: 'change', number: Number(seqnum), asks, bids };
      for (const client of this.#following(symbol)) this.#send(client, 'depth', change, symbol, cut);
    }
  }

  #tellOrder(client: Client, update: AccountUpdate): void {
    if (update.kind !== 'order' || update.order === undefined) return;
    const { id, symbol, phase, filledQuote, fee, feeAsset } = update.order;
    const money = { paid: moneyText(filledQuote), fee: `${moneyText(fee)} ${feeAsset}` };
    this.#send(client, 'order', { event: 'order', id, phase, ...money }, symbol);
  }

  #following(symbol: string): readonly Client[] {
    return [...this.#clients].filter(({ symbols }) => symbols.has(symbol));
  }

  #send({ sink }: Client, channel: string, message: object, symbol?: string, cut = false): void {
    const { faults, counters } = this.#venue;
    if (faults.silent) counters.withheld += 1;
    else {
      counters.sent += 1;
      const text = JSON.stringify(message);
      sink.send(cut ? text.slice(0, text.length / 2) : text, { channel, ...(symbol && { symbol }) });
    }
  }
}

const muted: DepthStrike = { deliveries: [], lost: true };

function symbolOf(market = ''): string {
  return market.replace('-', '/');
}

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status });
}

const bazaar: Dialect = {
  name: 'bazaar',
  nameUser: (number) => ({ uid: `T${number}`, cash: `purse${number}`, margin: `pledge${number}` }),
  open: (venue) => new Bazaar(venue),
};

await using simulator = await startExchangeSimulator({
  market: { kind: 'synthetic', seed: 7, pairs: 2 },
  dialect: bazaar,
});
const { restUrl, streamUrl } = simulator.endpoints;
const key = simulator.users[0]?.keys[0];
const [name, secret] = [key?.key ?? '', key?.revealSecret() ?? ''];
const ticker = await fetch(`${restUrl}/ticker?market=BTC-USDT`);
const { bid, ask } = (await ticker.json()) as { readonly bid: string; readonly ask: string };
console.log(`BTC-USDT is sold for ${ask} and bought for ${bid}`);

async function buy(): Promise<void> {
  const order = {
    market: 'BTC-USDT',
    side: 'buy',
    amount: '0.001',
    price: `${Math.ceil(Number(ask)) + 100}`,
  };
  const headers = { 'x-key': name, 'x-secret': secret };
  await fetch(`${restUrl}/orders`, { method: 'POST', headers, body: JSON.stringify(order) });
}

const socket = new WebSocket(streamUrl);
socket.onopen = () => socket.send(JSON.stringify({ key: name, secret }));
let last = 0;
await new Promise<void>((resolve) => {
  socket.onmessage = ({ data }) => {
    const { event, number, phase, paid, fee } = JSON.parse(data);
    if (event === 'signed-in') void buy();
    if (event === 'order') console.log(`the order is ${phase}, paid ${paid}, fee ${fee}`);
    if (phase === 'filled') socket.send('{"follow":"BTC-USDT"}');
    if (event === 'book') simulator.inject({ kind: 'gap', atSeconds: 0 });
    if (event === 'change' && number === last + 2) {
      console.log('a change of the book is missing');
      resolve();
    }
    last = number;
  };
});
