import {
  isEnded,
  type Order,
  type OrderState,
  type Orders,
  type Pair,
  type Runtime,
  type TrackedOrder,
} from '@venuekit/connector-core';
import { createFeed, type FeedSource } from '../feed/feed.ts';

/** How orders are kept. */
export interface OrderLedgerOptions {
  readonly runtime: Runtime;
  readonly venue: string;
  /** Settled orders that are remembered. */
  readonly mostSettled: number;
}

/** One order through all of its changes. */
interface Entry {
  /** Undefined only until it is stored. */
  order: Order | undefined;
}

/** The orders that are known: every one of which something may still be learned, and those that settled not long ago. */
export class OrderLedger {
  readonly orders: Orders;
  readonly #mostSettled: number;
  readonly #source: FeedSource<OrderState>;
  readonly #byClientId = new Map<string, Entry>();
  /** By pair and identifier: a venue's identifier is unique within its pair only. */
  readonly #byVenueId = new Map<string, Entry>();
  readonly #living = new Set<Entry>();
  /** A fill or a correction may still come. */
  readonly #ended = new Set<Entry>();
  /** Nothing more is to be learned; longest ago first. */
  readonly #settled = new Set<Entry>();

  constructor({ runtime, venue, mostSettled }: OrderLedgerOptions) {
    this.#mostSettled = mostSettled;
    this.#source = createFeed<OrderState>({
      name: 'orders',
      venue,
      conflateBy: ({ order }) => keyOf(order),
      opening: () => byCreation(this.#living).map((order) => ({ kind: 'order', order })),
      onListenerError: (error) => runtime.logger.error(`a listener of orders threw: ${String(error)}`),
    });
    this.orders = this.#view();
  }

  /** Why an order cannot be the one that is kept under its identifiers; `undefined` if it can, or if none is kept. */
  fault(order: Order): string | undefined {
    const { own, theirs } = this.#find(order);
    const [named, placed] = [own?.order, theirs?.order];
    if (named !== undefined && named.pair !== order.pair)
      return `its client identifier is that of an order of ${named.pair}`;
    for (const kept of [named, placed]) {
      if (kept === undefined || kept.origin === 'external') continue;
      if (order.origin === 'external') return 'it is told as somebody else’s, and is one of ours';
      if (kept.clientOrderId !== order.clientOrderId)
        return `its venue identifier is that of order ${kept.clientOrderId}`;
    }
    return undefined;
  }

  /** Keeps an order as it is now. */
  store(order: Order): void {
    const entry = this.#entryOf(order);
    if (entry.order !== undefined) this.#forgetIds(entry.order);
    entry.order = order;
    if (order.clientOrderId !== undefined) this.#byClientId.set(order.clientOrderId, entry);
    const venueKey = venueKeyOf(order);
    if (venueKey !== undefined) this.#byVenueId.set(venueKey, entry);
    this.#sort(entry);
    this.#forgetOldest();
  }

  /** What is kept of an order, by either of its identifiers. */
  kept(order: Order): Order | undefined {
    const { own, theirs } = this.#find(order);
    return (own ?? theirs)?.order;
  }

  /** Tells everybody of an order's state, unless a newer one was told already: a listener may have told it. */
  tell(order: Order): void {
    const current = this.kept(order);
    if (current === undefined || current === order) this.#source.emit({ kind: 'order', order });
  }

  /** Nothing more is told. */
  end(error: Parameters<FeedSource<OrderState>['end']>[0]): void {
    this.#source.end(error);
  }

  #find(order: Order): { own: Entry | undefined; theirs: Entry | undefined } {
    const { clientOrderId } = order;
    const venueKey = venueKeyOf(order);
    const own = clientOrderId === undefined ? undefined : this.#byClientId.get(clientOrderId);
    const theirs = venueKey === undefined ? undefined : this.#byVenueId.get(venueKey);
    return { own, theirs };
  }

  #entryOf(order: Order): Entry {
    const { own, theirs } = this.#find(order);
    // What was taken for two orders is one.
    if (own !== undefined && theirs !== undefined && own !== theirs) this.#forget(theirs);
    return own ?? theirs ?? { order: undefined };
  }

  /** Moves an entry to where its order belongs; one that stays there keeps its place. */
  #sort(entry: Entry): void {
    const ended = entry.order !== undefined && isEnded(entry.order);
    const settled = ended && isSettled(entry.order as Order);
    place(entry, this.#living, !ended);
    place(entry, this.#ended, ended && !settled);
    place(entry, this.#settled, settled);
  }

  #forgetOldest(): void {
    for (const oldest of this.#settled) {
      if (this.#settled.size <= this.#mostSettled) return;
      this.#forget(oldest);
    }
  }

  #forget(entry: Entry): void {
    for (const set of [this.#living, this.#ended, this.#settled]) set.delete(entry);
    if (entry.order !== undefined) this.#forgetIds(entry.order);
  }

  #forgetIds(order: Order): void {
    const venueKey = venueKeyOf(order);
    if (order.clientOrderId !== undefined) this.#byClientId.delete(order.clientOrderId);
    if (venueKey !== undefined) this.#byVenueId.delete(venueKey);
  }

  /** Those of others are none of ours. */
  #open(pair?: Pair): readonly TrackedOrder[] {
    const tracked = byCreation(this.#living).filter((order) => order.origin !== 'external');
    return tracked.filter((order) => pair === undefined || order.pair === pair);
  }

  #view(): Orders {
    const ledger = this;
    const { feed } = this.#source;
    return {
      get size() {
        return ledger.#living.size + ledger.#ended.size + ledger.#settled.size;
      },
      get: (clientOrderId) => this.#byClientId.get(clientOrderId)?.order,
      getByVenueId: (pair, venueOrderId) => this.#byVenueId.get(venueKeyOf({ pair, venueOrderId }))?.order,
      open: (pair) => this.#open(pair),
      [Symbol.iterator]: () => byCreation(this.#living, this.#ended, this.#settled)[Symbol.iterator](),
      [Symbol.asyncIterator]: () => feed[Symbol.asyncIterator](),
      subscribe: (listener, options) => feed.subscribe(listener, options),
      until: (signal) => feed.until(signal),
      get stats() {
        return feed.stats;
      },
    };
  }
}

/** What we refused ourselves never left, so that nobody can tell more of it. */
function isSettled({ knowledge, status }: Order): boolean {
  return knowledge === 'settled' || status === 'denied';
}

function place(entry: Entry, set: Set<Entry>, belongs: boolean): void {
  if (belongs) set.add(entry);
  else set.delete(entry);
}

function byCreation(...sets: readonly Iterable<Entry>[]): readonly Order[] {
  const orders = sets.flatMap((set) => [...set]).flatMap(({ order }) => order ?? []);
  return orders.sort((a, b) => a.createdAtMs - b.createdAtMs);
}

/** Neither a pair nor an identifier has a line break. */
function venueKeyOf(order: { readonly pair: Pair; readonly venueOrderId: string }): string;
function venueKeyOf(order: Order): string | undefined;
function venueKeyOf({ pair, venueOrderId }: Pick<Order, 'pair' | 'venueOrderId'>): string | undefined {
  return venueOrderId === undefined ? undefined : `${pair}\n${venueOrderId}`;
}

function keyOf(order: Order): string {
  const { clientOrderId } = order;
  return clientOrderId === undefined ? `venue ${venueKeyOf(order)}` : `client ${clientOrderId}`;
}
