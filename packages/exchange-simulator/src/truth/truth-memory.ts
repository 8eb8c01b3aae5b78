import { decimal } from '@venuekit/connector-core';
import type { Level } from '../market/market.ts';
import type { BalanceTruth, BookTruth, FillTruth, OrderTruth, TruthEntry, TruthSink } from './truth-entry.ts';

/** How much is remembered. */
export interface TruthMemoryOptions {
  /** Entries of each kind, and orders that have ended, the newest of them; 10,000 if left out. */
  readonly limit?: number;
}

/** The whole book of a symbol. */
export interface BookState {
  readonly symbol: string;
  readonly seqnum: bigint;
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  /** From the highest down. */
  readonly bids: readonly Level[];
  /** From the lowest up. */
  readonly asks: readonly Level[];
}

/** Remembers what is true, for those who ask later. */
export interface TruthMemory {
  readonly sink: TruthSink;
  /** What was told, of a kind, oldest first. Books are not here: see {@link TruthMemory.book}. */
  entries<Kind extends RememberedKind>(kind: Kind): readonly Extract<TruthEntry, { readonly kind: Kind }>[];
  /** What orders are now, in the order of their coming. */
  orders(account?: string): readonly OrderTruth[];
  /** Fills, oldest first. */
  fills(account?: string): readonly FillTruth[];
  /** What accounts have now; by account, and by asset in the order of their first change. */
  balances(account?: string): readonly BalanceTruth[];
  /** The book of a symbol as it was published last; `undefined` if there is none. */
  book(symbol: string): BookState | undefined;
}

/** Kinds of which every entry is kept. */
export type RememberedKind = Exclude<TruthEntry['kind'], 'book' | 'order' | 'balance'>;

const usualLimit = 10_000;

/** Makes a memory without anything in it. */
export function createTruthMemory({ limit = usualLimit }: TruthMemoryOptions = {}): TruthMemory {
  return new Memory(limit);
}

/** Levels by price, as text. */
type Side = Map<string, Level>;

interface KeptBook {
  readonly bids: Side;
  readonly asks: Side;
  seqnum: bigint;
  timeMs: number;
}

class Memory implements TruthMemory {
  readonly sink: TruthSink = (entry) => this.#take(entry);
  readonly #limit: number;
  readonly #entries = new Map<TruthEntry['kind'], TruthEntry[]>();
  readonly #orders = new Map<string, OrderTruth>();
  /** Keys of orders that have ended, oldest first. */
  readonly #ended = new Set<string>();
  readonly #balances = new Map<string, BalanceTruth>();
  readonly #books = new Map<string, KeptBook>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  entries<Kind extends RememberedKind>(kind: Kind): readonly Extract<TruthEntry, { readonly kind: Kind }>[] {
    const kept = this.#entries.get(kind) ?? [];
    return kept.slice(-this.#limit) as Extract<TruthEntry, { readonly kind: Kind }>[];
  }

  orders(account?: string): readonly OrderTruth[] {
    return ofAccount([...this.#orders.values()], account);
  }

  /** Fills, oldest first. */
  fills(account?: string): readonly FillTruth[] {
    return ofAccount(this.entries('fill'), account);
  }

  balances(account?: string): readonly BalanceTruth[] {
    return ofAccount([...this.#balances.values()], account);
  }

  book(symbol: string): BookState | undefined {
    const book = this.#books.get(symbol);
    if (book === undefined) return undefined;
    const { seqnum, timeMs, bids, asks } = book;
    return { symbol, seqnum, timeMs, bids: sorted(bids, -1), asks: sorted(asks, 1) };
  }

  #take(entry: TruthEntry): void {
    if (entry.kind === 'book') this.#change(entry);
    else if (entry.kind === 'order') this.#keepOrder(entry);
    else if (entry.kind === 'balance') this.#balances.set(`${entry.account} ${entry.asset}`, entry);
    else this.#append(entry);
  }

  #append(entry: TruthEntry): void {
    const kept = this.#entries.get(entry.kind) ?? [];
    if (kept.length === 0) this.#entries.set(entry.kind, kept);
    kept.push(entry);
    // Cut in chunks: one by one, each would move all the others.
    if (kept.length > this.#limit * 2) kept.splice(0, kept.length - this.#limit);
  }

  #keepOrder(order: OrderTruth): void {
    // Another account may use the id of an order that has ended.
    const key = `${order.account} ${order.orderId}`;
    // A refused attempt to use an id again, or to cancel, says nothing new of the order that has it.
    if (isRefusal(order) && this.#orders.has(key)) return;
    this.#orders.set(key, order);
    if (!['filled', 'canceled', 'rejected'].includes(order.phase)) return;
    this.#ended.add(key);
    if (this.#ended.size <= this.#limit) return;
    const [oldest = ''] = this.#ended;
    this.#ended.delete(oldest);
    this.#orders.delete(oldest);
  }

  #change({ symbol, seqnum, timeMs, bids, asks, whole }: BookTruth): void {
    const known = whole ? undefined : this.#books.get(symbol);
    const book: KeptBook = known ?? { bids: new Map(), asks: new Map(), seqnum, timeMs };
    this.#books.set(symbol, book);
    Object.assign(book, { seqnum, timeMs });
    apply(book.bids, bids);
    apply(book.asks, asks);
  }
}

function isRefusal({ change }: OrderTruth): boolean {
  return change === 'rejected' || change === 'cancel-refused';
}

function apply(side: Side, levels: readonly Level[]): void {
  for (const level of levels) {
    if (level[1] === '0') side.delete(level[0]);
    else side.set(level[0], level);
  }
}

function sorted(side: Side, direction: 1 | -1): readonly Level[] {
  return [...side.values()]
    .map((level) => [decimal(level[0]), level] as const)
    .sort(([a], [b]) => a.compare(b) * direction)
    .map(([, level]) => level);
}

function ofAccount<Entry extends { readonly account: string }>(
  entries: readonly Entry[],
  account: string | undefined,
): readonly Entry[] {
  return account === undefined ? entries : entries.filter((entry) => entry.account === account);
}
