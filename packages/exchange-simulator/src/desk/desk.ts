import type { Timers } from '@venuekit/connector-core';
import type { BalanceEvent, EngineEvent, OrderEvent, RefusalCode } from '../engine/engine-types.ts';
import type { Floor } from '../floor/floor.ts';
import type { Listing } from '../floor/listing.ts';
import { AccountFile } from './account-file.ts';
import type {
  AccountUpdate,
  BalanceUpdate,
  DeskOrder,
  MoneyReason,
  Movement,
  OrderRecord,
  OrderUpdate,
  TradingDesk,
} from './desk-types.ts';
import { fillMovement, moneyMovement } from './movement.ts';
import { recordOf, refusedRecord } from './order-record.ts';

/** What a desk is made of. */
export interface DeskOptions {
  readonly floor: Floor;
  readonly listings: ReadonlyMap<string, Listing>;
  readonly clock: { now(): number };
  readonly timers: Timers;
  /** How long the engine takes now, in milliseconds; asked for each request. At once if left out. */
  readonly delayMs?: () => number;
  /** Hears every update before its owner does, with what it did to the books. */
  readonly onUpdate?: (update: AccountUpdate, movement: Movement | undefined) => void;
}

/** Opens a desk on a floor. */
export function createDesk(options: DeskOptions): TradingDesk {
  return new Desk(options);
}

class Desk implements TradingDesk {
  readonly #options: DeskOptions;
  readonly #floor: Floor;
  readonly #files = new Map<string, AccountFile>();
  /** What customers call the orders that are about to be taken, by id. */
  readonly #clientIds = new Map<string, string>();
  #sequence = 0;
  /** Why money is being moved. */
  #reason: MoneyReason | undefined;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#floor = options.floor;
    this.#floor.listen({ event: (event) => this.#hear(event) });
  }

  get sequence(): number {
    return this.#sequence;
  }

  openAccount(account: string, fees?: { readonly maker: string; readonly taker: string }): void {
    this.#floor.openAccount(account, fees);
    this.#files.set(account, new AccountFile());
  }

  check(order: DeskOrder): RefusalCode | undefined {
    const file = this.#files.get(order.account);
    if (file === undefined) return 'unknown-account';
    return file.order(order.id) === undefined ? this.#floor.engine.check(order) : 'duplicate-id';
  }

  submit(order: DeskOrder): void {
    this.#whenReady(() => this.#enter(order));
  }

  cancel(account: string, orderId: string, symbol: string): void {
    this.#whenReady(() => this.#cancelNow(account, orderId, symbol));
  }

  cancelAll(account: string, symbol?: string): void {
    this.#whenReady(() => void this.#floor.cancelAll(account, symbol));
  }

  order(account: string, orderId: string): OrderRecord | undefined {
    return this.#files.get(account)?.order(orderId);
  }

  openOrders(account: string, symbol?: string): readonly OrderRecord[] {
    const live = this.#files.get(account)?.live ?? [];
    return [...live].filter((order) => symbol === undefined || order.symbol === symbol);
  }

  endedOrders(account: string): readonly OrderRecord[] {
    return [...(this.#files.get(account)?.ended ?? [])];
  }

  balance(account: string, asset: string): ReturnType<TradingDesk['balance']> {
    return this.#floor.engine.balance(account, asset);
  }

  balances(account: string): ReturnType<TradingDesk['balances']> {
    return this.#floor.engine.balances(account);
  }

  movements(account: string): readonly Movement[] {
    return this.#files.get(account)?.movements(this.#options.clock.now()) ?? [];
  }

  deposit(account: string, asset: string, units: bigint): void {
    this.#moving('deposit', () => this.#floor.deposit(account, asset, units));
  }

  withdraw(account: string, asset: string, units: bigint): boolean {
    return this.#moving('withdrawal', () => this.#floor.withdraw(account, asset, units));
  }

  transfer(from: string, to: string, asset: string, units: bigint): boolean {
    return this.#moving('transfer', () => this.#floor.transfer(from, to, asset, units));
  }

  subscribe(account: string, listener: (update: AccountUpdate) => void): Disposable {
    const file = this.#files.get(account);
    file?.listeners.add(listener);
    return { [Symbol.dispose]: () => void file?.listeners.delete(listener) };
  }

  /** The engine takes requests in their order for as long as its speed does not change. */
  #whenReady(run: () => void): void {
    const delayMs = this.#options.delayMs?.() ?? 0;
    if (delayMs > 0) this.#options.timers.setTimer(delayMs, run, 'slow engine');
    else run();
  }

  #moving<Result>(reason: MoneyReason, move: () => Result): Result {
    this.#reason = reason;
    try {
      return move();
    } finally {
      this.#reason = undefined;
    }
  }

  #enter(order: DeskOrder): void {
    const duplicate = this.check(order) === 'duplicate-id';
    this.#clientIds.set(order.id, order.clientId);
    const refusal = duplicate ? 'duplicate-id' : this.#floor.place(order).refusal;
    this.#clientIds.delete(order.id);
    if (refusal !== undefined) this.#reject(order, refusal);
  }

  #reject(order: DeskOrder, refusal: RefusalCode): void {
    const { account, symbol, id: orderId } = order;
    const file = this.#files.get(account);
    if (file === undefined) return;
    const [atMs, sequence] = [this.#options.clock.now(), this.#next()];
    const listing = this.#options.listings.get(symbol);
    const record = refusedRecord(order, refusal, { atMs, sequence }, listing);
    // The first order of that id stays what it is.
    if (refusal !== 'duplicate-id') file.keep(record);
    const balances = this.#balancesOf(account, symbol);
    const what = { kind: 'order', change: 'rejected', orderId, order: record } as const;
    this.#tell(file, { ...what, account, symbol, sequence, atMs, ...balances });
  }

  #cancelNow(account: string, orderId: string, symbol: string): void {
    const file = this.#files.get(account);
    if (file === undefined) return;
    const order = file.order(orderId);
    const isLive = file.isLive(orderId);
    const missing = order === undefined ? 'unknown-order' : 'already-ended';
    const refusal = isLive ? this.#floor.cancel(orderId) : missing;
    if (refusal === undefined) return;
    const [atMs, sequence] = [this.#options.clock.now(), this.#next()];
    const what = { kind: 'order', change: 'cancel-refused', refusal, orderId, order } as const;
    const balances = this.#balancesOf(account, order?.symbol ?? symbol);
    this.#tell(file, { ...what, account, symbol: order?.symbol ?? symbol, sequence, atMs, ...balances });
  }

  #hear(event: EngineEvent): void {
    if (event.kind === 'order') this.#hearOrder(event);
    else if (event.kind === 'balance') this.#hearBalance(event);
  }

  #hearOrder({ order, change, fill, atMs }: OrderEvent): void {
    const { account, symbol, id: orderId } = order;
    const file = this.#files.get(account);
    if (file === undefined) return;
    const sequence = this.#next();
    const clientId = file.order(orderId)?.clientId ?? this.#clientIds.get(orderId) ?? '';
    const record = recordOf(order, clientId, { atMs, sequence });
    file.keep(record);
    const balances = this.#balancesOf(account, symbol);
    const common = {
      kind: 'order',
      account,
      sequence,
      atMs,
      change,
      order: record,
      orderId,
      symbol,
    } as const;
    const update: OrderUpdate = { ...common, ...(fill && { fill }), ...balances };
    const listing = this.#options.listings.get(symbol);
    this.#tell(file, update, listing === undefined ? undefined : fillMovement(update, listing));
  }

  #hearBalance({ account, asset, change, atMs }: BalanceEvent): void {
    const file = this.#files.get(account);
    if (file === undefined) return;
    const balance = this.balance(account, asset);
    const reason = this.#reason ?? (change > 0n ? 'deposit' : 'withdrawal');
    const sequence = this.#next();
    const update: BalanceUpdate = {
      ...{ kind: 'balance', account, sequence, atMs, asset },
      ...{ reason, change, balance },
    };
    this.#tell(file, update, moneyMovement(update));
  }

  #tell(file: AccountFile, update: AccountUpdate, movement?: Movement): void {
    if (movement !== undefined) file.move(movement);
    this.#options.onUpdate?.(update, movement);
    for (const listener of [...file.listeners]) listener(update);
  }

  #balancesOf(account: string, symbol: string): Pick<OrderUpdate, 'base' | 'quote'> {
    const listing = this.#options.listings.get(symbol);
    const { base = '', quote = '' } = listing ?? {};
    return { base: this.balance(account, base), quote: this.balance(account, quote) };
  }

  #next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }
}
