import type { OrderRecord, TradingDesk } from '../../desk/desk-types.ts';
import type { AscendexOptions } from './ascendex-options.ts';
import { type Fields, quoted } from './client-message.ts';
import { type RefusalName, refusals } from './error-codes.ts';
import { type AckInfo, type EnteredBatch, judgeBatch } from './order-entry.ts';
import { readId, readTime } from './order-fields.ts';
import { isClientId, isOrderId } from './order-ids.ts';
import { judgeOrderTime, type OrderRefusal } from './order-intake.ts';
import { noValue } from './order-text.ts';
import type { OrdersUnderWay } from './orders-under-way.ts';

/** A cancel that passed and waits for {@link EnteredCancel.submit}. */
export interface EnteredCancel {
  /** Its `orderType` has no value; what it is written as differs by call. */
  readonly ack: AckInfo;
  /** Hands it to the desk; the desk's updates may come within the call. To be called once. */
  submit(): void;
  readonly refusal?: undefined;
}

/** A cancel that is refused. */
export interface RefusedCancel {
  readonly refusal: OrderRefusal;
  /** The order that was meant; empty if none was. */
  readonly orderId: string;
  /** Tells the owner by an update too, where the venue does so; the ledger stays as it is. To be called once. */
  submit(): void;
}

/** Where customers cancel, by REST and by the stream. */
export interface CancelEntry {
  /** @param fields of the request, unchecked. */
  cancel(fields: Fields, account: string): EnteredCancel | RefusedCancel;
  /** Takes 1 to 10 cancels, all or none; those that have no order have 300006. @param list unchecked. */
  cancelBatch(list: unknown, account: string): EnteredBatch<EnteredCancel>;
  /** @param fields of the request, unchecked; a `symbol` narrows it down. */
  cancelAll(fields: Fields, account: string): EnteredCancel | { readonly refusal: OrderRefusal };
}

/** What an entry works with. */
export interface CancelEntryParts {
  readonly desk: TradingDesk;
  readonly underWay: OrdersUnderWay;
  readonly listed: { has(symbol: string): boolean };
  readonly clock: { now(): number };
  readonly options: Pick<
    AscendexOptions,
    'orderTimeWindowMs' | 'cancelOfEndedCode' | 'duplicateCancelMs' | 'cancelRefusalsOnStream'
  >;
}

/** Opens an entry to a desk. */
export function createCancelEntry(parts: CancelEntryParts): CancelEntry {
  return new Entry(parts);
}

/** Clients look for these words. */
const messages = {
  notOpen: 'Trying to cancel non-open order',
  again: 'Duplicated order cancel request.',
};

/** Cancels that are remembered; beyond this many, the oldest are forgotten. */
const mostRecent = 10_000;

class Entry implements CancelEntry {
  readonly #parts: CancelEntryParts;
  /** When an order was last asked to be canceled, by account and id. */
  readonly #recent = new Map<string, number>();

  constructor(parts: CancelEntryParts) {
    this.#parts = parts;
  }

  cancel(fields: Fields, account: string): EnteredCancel | RefusedCancel {
    const { desk, options } = this.#parts;
    const nobody = (): void => undefined;
    const malformed = this.#judgeFields(fields);
    if (malformed !== undefined) return { refusal: malformed, orderId: idOf(fields.orderId), submit: nobody };
    const [orderId, symbol] = [`${fields.orderId}`, `${fields.symbol}`];
    const problem = this.#judgeOrder(account, orderId, symbol);
    const hand = (): void => desk.cancel(account, orderId, symbol);
    if (problem !== undefined) {
      const name = options.cancelOfEndedCode === refusals.cancel.code ? 'cancel' : 'orderId';
      const isTold = options.cancelRefusalsOnStream && !this.#mayBecomeLive(account, orderId);
      return { refusal: refuse(fields, name, problem), orderId, submit: isTold ? hand : nobody };
    }
    this.#remember(account, orderId);
    return { ack: this.#ack(fields, orderId, symbol), submit: hand };
  }

  cancelBatch(list: unknown, account: string): EnteredBatch<EnteredCancel> {
    const items: EnteredBatch<Fields> = judgeBatch(list, (fields) => {
      const orderId = idOf(fields.orderId);
      const malformed = this.#judgeFields(fields);
      if (malformed !== undefined) return { refusal: malformed, orderId };
      const problem = this.#judgeOrder(account, orderId, `${fields.symbol}`);
      return problem === undefined
        ? { item: fields }
        : { refusal: refuse(fields, 'orderId', problem), orderId };
    });
    if (items.refusal !== undefined) return items;
    const entered = items.items.map((fields) => {
      const [orderId, symbol] = [`${fields.orderId}`, `${fields.symbol}`];
      this.#remember(account, orderId);
      const submit = (): void => this.#parts.desk.cancel(account, orderId, symbol);
      return { ack: this.#ack(fields, orderId, symbol), submit };
    });
    return { items: entered };
  }

  cancelAll(fields: Fields, account: string): EnteredCancel | { readonly refusal: OrderRefusal } {
    const { symbol = '' } = fields;
    const { desk, listed } = this.#parts;
    if (symbol !== '' && symbol !== null && !(typeof symbol === 'string' && listed.has(symbol)))
      return { refusal: refuse(fields, 'product', `symbol ${quoted(symbol)} is not listed`) };
    const only = typeof symbol === 'string' && symbol !== '' ? symbol : undefined;
    return {
      ack: this.#ack(fields, '', only ?? ''),
      submit: () => desk.cancelAll(account, only),
    };
  }

  #judgeFields(fields: Fields): OrderRefusal | undefined {
    const { clock, options, listed } = this.#parts;
    for (const name of ['orderId', 'symbol'] as const) {
      if (typeof fields[name] !== 'string' || fields[name] === '')
        return refuse(fields, 'argument', `${name}: expected text, got ${quoted(fields[name])}`);
    }
    const timeMs = readTime(fields.time);
    const id = readId(fields.id);
    if (timeMs === undefined)
      return refuse(
        fields,
        'argument',
        `time: expected milliseconds since the epoch, got ${quoted(fields.time)}`,
      );
    if (id === undefined) return refuse(fields, 'argument', `id: expected text, got ${quoted(fields.id)}`);
    const late = judgeOrderTime(timeMs, clock.now(), options.orderTimeWindowMs);
    if (late !== undefined) return refuse(fields, late.refused, late.message);
    if (!listed.has(`${fields.symbol}`))
      return refuse(fields, 'product', `symbol ${quoted(fields.symbol)} is not listed`);
    if (id !== '' && !isClientId(id))
      return refuse(fields, 'orderId', `id: expected 2 to 32 letters, digits, - or _, got ${quoted(id)}`);
    if (!isOrderId(`${fields.orderId}`))
      return refuse(fields, 'orderId', `orderId: expected the id of an order, got ${quoted(fields.orderId)}`);
    return undefined;
  }

  /** Why an order cannot be canceled. */
  #judgeOrder(account: string, orderId: string, symbol: string): string | undefined {
    const { desk, underWay, clock, options } = this.#parts;
    const asked = this.#recent.get(`${account} ${orderId}`);
    if (asked !== undefined && clock.now() - asked < options.duplicateCancelMs) return messages.again;
    if (underWay.has(account, orderId)) return undefined;
    const order = desk.order(account, orderId);
    const isThere = order !== undefined && isOpen(order) && order.symbol === symbol;
    return isThere ? undefined : messages.notOpen;
  }

  /** True for an order that is live, and where an order of that id may still come: the desk would cancel it. */
  #mayBecomeLive(account: string, orderId: string): boolean {
    const order = this.#parts.desk.order(account, orderId);
    return order === undefined ? this.#parts.underWay.any(account) : isOpen(order);
  }

  #remember(account: string, orderId: string): void {
    const name = `${account} ${orderId}`;
    this.#recent.delete(name);
    this.#recent.set(name, this.#parts.clock.now());
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > mostRecent && oldest !== undefined) this.#recent.delete(oldest);
  }

  #ack(fields: Fields, orderId: string, symbol: string): AckInfo {
    const timestamp = this.#parts.clock.now();
    return { id: readId(fields.id) ?? '', orderId, orderType: noValue, symbol, timestamp };
  }
}

function isOpen({ phase }: OrderRecord): boolean {
  return phase === 'waiting' || phase === 'open' || phase === 'partly-filled';
}

function idOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function refuse(fields: Fields, name: RefusalName, message: string): OrderRefusal {
  const symbol = typeof fields.symbol === 'string' ? fields.symbol : '';
  return { error: refusals[name], message, id: readId(fields.id) ?? '', symbol };
}
