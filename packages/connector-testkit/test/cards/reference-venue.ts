import { type Decimal, decimal, type MoneyInput } from '@venuekit/connector-core';
import type { InstrumentTerms } from '@venuekit/connector-kit/market-data';
import type { VirtualStream, VirtualStreamSink, VirtualWorld } from '@venuekit/connector-kit/testing';
import type { TargetVenue } from '../../src/index.ts';

/** How a venue may be, within the contract. */
export interface VenueHabits {
  /** Writes the identifier of the nth trade. */
  readonly tradeId: (count: number) => string;
  /** Whether events have the venue's time. */
  readonly tellsTime: boolean;
  /** From the acknowledgement of an order until it works, in milliseconds. */
  readonly openAfterMs: number;
}

/** What an order must obey, as the venue checks it by itself. */
export const rules: InstrumentTerms = {
  ...{ pair: 'GOLD-COIN', base: 'GOLD', quote: 'COIN', tickSize: '0.01', lotSize: '0.001' },
  ...{ minAmount: '0.005', maxAmount: '100', minNotional: '1', maxNotional: '8000' },
};

/** Where the venue is reached. */
export const host = 'reference.test';

/** An order as it is sent. */
interface OrderMessage {
  readonly clientOrderId: string;
  readonly pair: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly amount: string;
}

type Level = readonly [price: string, amount: string];
type Message = Readonly<Record<string, unknown>>;

/** A venue with one market: a price that wanders, and orders that rest. Replies take their time. */
export class ReferenceVenue implements TargetVenue {
  readonly #world: VirtualWorld;
  readonly #habits: VenueHabits;
  readonly #streams = new Map<VirtualStreamSink, Set<string>>();
  readonly #orders = new Map<string, OrderMessage>();
  readonly #trades: Message[] = [];
  #middle = decimal('100');
  #sequence = 1;
  #traded = 0;
  #levels: { readonly bids: readonly Level[]; readonly asks: readonly Level[] };
  #tick: Disposable;

  constructor(world: VirtualWorld, habits: VenueHabits) {
    this.#world = world;
    this.#habits = habits;
    this.#levels = this.#makeLevels();
    world.network.listen(host, {
      fetch: async (request) => this.#answer(new URL(request.url), await request.text()),
      openStream: (_path, sink) => this.#open(sink),
    });
    this.#tick = world.timers.setTimer(0, () => this.#wander(), 'wander');
  }

  cut(): void {
    this.#world.network.link('client', host).cut();
  }

  trade(count: number): void {
    this.#tell('trades', { type: 'trades', trades: Array.from({ length: count }, () => this.#trade()) });
  }

  close(): void {
    this.#tick[Symbol.dispose]();
  }

  #wander(): void {
    this.#middle = this.#middle.plus(this.#world.random.next('price') < 0.5 ? '-0.05' : '0.05');
    this.#sequence += 1;
    const before = this.#levels;
    this.#levels = this.#makeLevels();
    const { bids, asks } = this.#levels;
    this.#tell('book', {
      ...{ type: 'book', sequence: this.#sequence, timeMs: this.#time() },
      ...{ bids: changes(before.bids, bids), asks: changes(before.asks, asks) },
    });
    this.#tell('ticker', { type: 'ticker', bid: bids[0], ask: asks[0], timeMs: this.#time() });
    this.trade(1);
    this.#tick = this.#world.timers.setTimer(250, () => this.#wander(), 'wander');
  }

  #makeLevels(): { readonly bids: readonly Level[]; readonly asks: readonly Level[] } {
    const side = (step: string) =>
      [1, 2, 3, 4].map((at): Level => {
        const price = this.#middle.plus(decimal(step).times(BigInt(at)));
        return [price.toString(), String(1 + ((this.#sequence + at) % 7))];
      });
    return { bids: side('-0.05'), asks: side('0.05') };
  }

  #trade(): Message {
    this.#traded += 1;
    const trade = {
      ...{ id: this.#habits.tradeId(this.#traded), price: this.#middle.toString(), amount: '0.5' },
      ...{ side: this.#traded % 2 === 0 ? 'buy' : 'sell', timeMs: this.#time() },
    };
    this.#trades.push(trade);
    return trade;
  }

  #open(sink: VirtualStreamSink): VirtualStream {
    const channels = new Set<string>(['orders']);
    this.#streams.set(sink, channels);
    return {
      receive: (text) => this.#receive(sink, channels, JSON.parse(text)),
      closed: () => void this.#streams.delete(sink),
    };
  }

  #receive(sink: VirtualStreamSink, channels: Set<string>, { op, id, channel }: Message): void {
    if (op === 'ping') sink.send('{"type":"pong"}');
    if (op === 'unsubscribe') channels.delete(String(channel));
    if (op === 'subscribe') channels.add(String(channel));
    if (op === 'subscribe' || op === 'unsubscribe') sink.send(JSON.stringify({ type: 'ack', id }));
    if (op === 'snapshot') sink.send(JSON.stringify({ type: 'snapshot', ...this.#book() }));
  }

  #book(): Message {
    return { sequence: this.#sequence, timeMs: this.#time(), ...this.#levels };
  }

  #answer({ pathname }: URL, body: string): Response {
    const [bid, ask] = [this.#levels.bids[0], this.#levels.asks[0]];
    if (pathname === '/account') return reply(200, { total: '100000', available: '90000' });
    if (pathname === '/book') return reply(200, this.#book());
    if (pathname === '/trades') return reply(200, { trades: this.#trades.slice(-50) });
    if (pathname === '/tickers') return reply(200, { bid, ask });
    if (pathname === '/orders') return this.#place(JSON.parse(body) as OrderMessage);
    return this.#cancel((JSON.parse(body) as OrderMessage).clientOrderId);
  }

  #place(order: OrderMessage): Response {
    const reason = this.#fault(order);
    if (reason !== undefined) return reply(422, { reason });
    const { clientOrderId } = order;
    this.#orders.set(clientOrderId, order);
    const open = () => this.#tell('orders', { type: 'order', clientOrderId, status: 'open' });
    this.#world.timers.setTimer(this.#habits.openAfterMs, open, 'open-order');
    return reply(200, { venueOrderId: `V${clientOrderId}` });
  }

  #cancel(clientOrderId: string): Response {
    if (!this.#orders.delete(clientOrderId)) return reply(404, { reason: 'no such order' });
    this.#tell('orders', { type: 'order', clientOrderId, status: 'canceled' });
    return reply(200, {});
  }

  #fault({ side, price: priceText, amount: amountText }: OrderMessage): string | undefined {
    const [price, amount] = [decimal(priceText), decimal(amountText)];
    if (price.sign() <= 0 || amount.sign() <= 0) return 'not above zero';
    if (!price.isMultipleOf(rules.tickSize)) return 'off its tick';
    if (!amount.isMultipleOf(rules.lotSize)) return 'off its lot';
    if (!isWithin(amount, rules.minAmount, rules.maxAmount)) return 'too little or too much';
    if (!isWithin(price.times(amount), rules.minNotional, rules.maxNotional)) return 'too cheap or too dear';
    const wouldTake = side === 'buy' ? price.greaterThan(this.#middle) : price.lessThan(this.#middle);
    return wouldTake ? 'would take' : undefined;
  }

  #tell(channel: string, message: Message): void {
    const text = JSON.stringify(message);
    for (const [sink, channels] of this.#streams) if (channels.has(channel)) sink.send(text);
  }

  #time(): number | undefined {
    return this.#habits.tellsTime ? this.#world.clock.now() : undefined;
  }
}

function isWithin(value: Decimal, least: MoneyInput = '0', most: MoneyInput = value): boolean {
  return !value.lessThan(least) && !value.greaterThan(most);
}

/** The levels that make one side into another. */
function changes(before: readonly Level[], after: readonly Level[]): readonly Level[] {
  const kept = new Set(after.map(([price]) => price));
  const gone = before.filter(([price]) => !kept.has(price));
  return [...gone.map(([price]): Level => [price, '0']), ...after];
}

function reply(status: number, body: Message): Response {
  return new Response(JSON.stringify(body), { status });
}
