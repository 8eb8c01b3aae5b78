import { type Timers, VenueError } from '@venuekit/connector-core';
import type {
  BalanceEvent,
  EngineEvent,
  EngineOrder,
  OrderEvent,
  RefusalCode,
} from '../engine/engine-types.ts';
import type { Floor } from '../floor/floor.ts';
import type { Listing } from '../floor/listing.ts';
import { AccountFile } from './account-file.ts';
import type {
  AccountUpdate,
  BalanceUpdate,
  CancelRequest,
  DeskOrder,
  MoneyReason,
  Movement,
  OrderRecord,
  OrderUpdate,
  RefusedCancelRequest,
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
  /** Told what a listener threw: the others are told all the same. Nobody is if left out. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** An update that somebody is to be told. */
type Message = readonly [file: AccountFile, update: AccountUpdate, movement: Movement | undefined];

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
  /** Updates of what is going on. Listeners may trade, so they are told when it is over. */
  #messages: Message[] = [];
  #sequence = 0;
  /** Why money is being moved. */
  #reason: MoneyReason | undefined;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#floor = options.floor;
    this.#floor.listen({ event: (event) => this.#hear(event), settle: () => this.#settle() });
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
    const file = this.#fileOf(order.account);
    this.#whenReady(() => this.#enter(file, order));
  }

  cancel(account: string, orderId: string, symbol: string, requestId?: string): void {
    const file = this.#fileOf(account);
    const named = requestId === undefined ? {} : { requestId };
    this.#whenReady(() => this.#cancelNow(file, { account, orderId, symbol, ...named }));
  }

  refuseCancel(request: RefusedCancelRequest): void {
    const file = this.#fileOf(request.account);
    this.#refuseCancel(file, request);
  }

  cancelAll(account: string, symbol?: string): void {
    this.#fileOf(account);
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
    this.#fileOf(account);
    return this.#floor.engine.balance(account, asset);
  }

  balances(account: string): ReturnType<TradingDesk['balances']> {
    return this.#files.has(account) ? this.#floor.engine.balances(account) : new Map();
  }

  movements(account: string): readonly Movement[] {
    return this.#files.get(account)?.movements(this.#options.clock.now()) ?? [];
  }

  deposit(account: string, asset: string, units: bigint): void {
    this.#fileOf(account);
    this.#moving('deposit', () => this.#floor.deposit(account, asset, units));
  }

  withdraw(account: string, asset: string, units: bigint): boolean {
    this.#fileOf(account);
    return this.#moving('withdrawal', () => this.#floor.withdraw(account, asset, units));
  }

  transfer(from: string, to: string, asset: string, units: bigint): boolean {
    this.#fileOf(from);
    this.#fileOf(to);
    return this.#moving('transfer', () => this.#floor.transfer(from, to, asset, units));
  }

  subscribe(account: string, listener: (update: AccountUpdate) => void): Disposable {
    const { listeners } = this.#fileOf(account);
    listeners.add(listener);
    return { [Symbol.dispose]: () => void listeners.delete(listener) };
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

  #enter(file: AccountFile, order: DeskOrder): void {
    const isDuplicate = file.order(order.id) !== undefined;
    this.#clientIds.set(order.id, order.clientId);
    const refusal = isDuplicate ? 'duplicate-id' : this.#floor.place(order).refusal;
    this.#clientIds.delete(order.id);
    if (refusal !== undefined) this.#reject(file, order, refusal);
  }

  #reject(file: AccountFile, order: DeskOrder, refusal: RefusalCode): void {
    const { account, symbol, id: orderId } = order;
    const [atMs, sequence] = [this.#options.clock.now(), this.#next()];
    const listing = this.#options.listings.get(symbol);
    const record = refusedRecord(order, refusal, { atMs, sequence }, listing);
    // The account's first order of that id stays what it is.
    if (file.order(orderId) === undefined) file.keep(record);
    const balances = this.#balancesOf(account, symbol);
    const what = { kind: 'order', change: 'rejected', orderId, order: record } as const;
    this.#noted(file, { ...what, account, symbol, sequence, atMs, ...balances });
    this.#floor.pass();
  }

  #cancelNow(file: AccountFile, request: CancelRequest): void {
    const { orderId } = request;
    const missing = file.order(orderId) === undefined ? 'unknown-order' : 'already-ended';
    const refusal = file.isLive(orderId) ? this.#floor.cancel(orderId) : missing;
    if (refusal !== undefined) this.#refuseCancel(file, { ...request, refusal });
  }

  #refuseCancel(file: AccountFile, request: RefusedCancelRequest): void {
    const { account, orderId } = request;
    const [atMs, sequence] = [this.#options.clock.now(), this.#next()];
    const order = file.order(orderId);
    const symbol = order?.symbol ?? request.symbol;
    const balances = this.#balancesOf(account, symbol);
    const what = { kind: 'order', change: 'cancel-refused', order } as const;
    this.#noted(file, { ...request, ...what, symbol, sequence, atMs, ...balances });
    this.#floor.pass();
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
    const isNew = change === 'accepted' || change === 'triggered';
    const rests = isNew ? { rests: this.#rests(order, change) } : undefined;
    const update: OrderUpdate = { ...common, ...rests, ...(fill && { fill }), ...balances };
    const listing = this.#options.listings.get(symbol);
    this.#noted(file, update, listing === undefined ? undefined : fillMovement(update, listing));
  }

  /** Asked while nothing has been done with it. */
  #rests(
    { symbol, side, stopTicks, timeInForce, priceTicks }: EngineOrder,
    change: OrderEvent['change'],
  ): boolean {
    if (timeInForce !== 'GTC' || (stopTicks !== undefined && change === 'accepted')) return false;
    const [best] = this.#floor.engine.levels(symbol, side === 'buy' ? 'sell' : 'buy', 1);
    if (best === undefined) return true;
    return side === 'buy' ? priceTicks < best.priceTicks : priceTicks > best.priceTicks;
  }

  #hearBalance({ account, asset, change, atMs }: BalanceEvent): void {
    const file = this.#files.get(account);
    if (file === undefined) return;
    const balance = this.#floor.engine.balance(account, asset);
    const reason = this.#reason ?? (change > 0n ? 'deposit' : 'withdrawal');
    const sequence = this.#next();
    const update: BalanceUpdate = {
      ...{ kind: 'balance', account, sequence, atMs, asset },
      ...{ reason, change, balance },
    };
    this.#noted(file, update, moneyMovement(update));
  }

  /** It is true from now on, and told when the operation is over. */
  #noted(file: AccountFile, update: AccountUpdate, movement?: Movement): void {
    if (movement !== undefined) file.move(movement);
    this.#messages.push([file, update, movement]);
  }

  #settle(): (() => void) | undefined {
    if (this.#messages.length === 0) return undefined;
    const messages = this.#messages;
    this.#messages = [];
    return () => {
      for (const message of messages) this.#tell(message);
    };
  }

  #tell([file, update, movement]: Message): void {
    this.#options.onUpdate?.(update, movement);
    for (const listener of [...file.listeners]) {
      try {
        listener(update);
      } catch (error) {
        this.#options.onFailure?.(error);
      }
    }
  }

  #fileOf(account: string): AccountFile {
    const file = this.#files.get(account);
    if (file !== undefined) return file;
    throw new VenueError({
      code: 'invalid-request',
      operation: 'desk',
      message: `expected an account that was opened at this desk, got ${account}`,
    });
  }

  #balancesOf(account: string, symbol: string): Pick<OrderUpdate, 'base' | 'quote'> {
    const listing = this.#options.listings.get(symbol);
    const { base = '', quote = '' } = listing ?? {};
    const { engine } = this.#floor;
    return { base: engine.balance(account, base), quote: engine.balance(account, quote) };
  }

  #next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }
}
