import type { CancelRefusal, OrderRecord, TradingDesk } from '../../desk/desk-types.ts';
import type { User } from '../../users/user-types.ts';
import type { AscendexOptions } from './ascendex-options.ts';
import { type Fields, quoted, requestNames } from './client-message.ts';
import { type RefusalName, refusals } from './error-codes.ts';
import { type AckInfo, type BatchRefusal, judgeBatch } from './order-entry.ts';
import { readId, readTime } from './order-fields.ts';
import { isClientId, isOrderId, type OrderIds } from './order-ids.ts';
import { judgeOrderTime, type OrderRefusal } from './order-intake.ts';
import { noValue } from './order-text.ts';
import type { HeldRequest, NamedCancelRequest, RequestsUnderWay, Turn } from './requests-under-way.ts';

/** A cancel that passed. */
export interface EnteredCancel extends HeldRequest {
  /** Its `orderType` has no value; what it is written as differs by call. */
  readonly ack: AckInfo;
  readonly refusal?: undefined;
}

/** A cancel that is refused. To submit it tells the owner by an update too, where the venue does so; nothing is canceled. */
export interface RefusedCancel extends HeldRequest {
  readonly refusal: OrderRefusal;
}

/** A whole batch of cancels that passed, or one that is refused. To submit that tells of the guilty ones, as of a {@link RefusedCancel}. */
export type EnteredCancels =
  | { readonly items: readonly EnteredCancel[]; readonly refusal?: undefined }
  | ({ readonly refusal: BatchRefusal } & HeldRequest);

/** Who cancels; `a` for REST, `s` for the stream. */
export interface Canceler {
  readonly user: User;
  readonly channel: 'a' | 's';
}

/** Where customers cancel orders of their cash accounts, by REST and by the stream. */
export interface CancelEntry {
  /** @param fields of the request, unchecked. */
  cancel(fields: Fields, by: Canceler): EnteredCancel | RefusedCancel;
  /** Takes 1 to 10 cancels, all or none; those that have no order have 300006. @param list unchecked. */
  cancelBatch(list: unknown, by: Canceler): EnteredCancels;
  /** @param fields of the request, unchecked; a `symbol` narrows it down. */
  cancelAll(fields: Fields, account: string): EnteredCancel | { readonly refusal: OrderRefusal };
}

/** What an entry works with. */
export interface CancelEntryParts {
  readonly desk: Pick<TradingDesk, 'order'>;
  readonly underWay: RequestsUnderWay;
  readonly ids: OrderIds;
  readonly listed: { has(symbol: string): boolean };
  readonly clock: { now(): number };
  readonly options: Pick<
    AscendexOptions,
    | 'orderTimeWindowMs'
    | 'cancelOfEndedCode'
    | 'cancelRefusalsOnStream'
    | 'duplicateCancelMs'
    | 'duplicateCancelMs'
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

/** A request whose fields are right, and why its order cannot be canceled, if so. */
interface JudgedCancel {
  readonly fields: Fields;
  readonly request: NamedCancelRequest;
  readonly problem: CancelRefusal | undefined;
}

class Entry implements CancelEntry {
  readonly #parts: CancelEntryParts;

  constructor(parts: CancelEntryParts) {
    this.#parts = parts;
  }

  cancel(fields: Fields, by: Canceler): EnteredCancel | RefusedCancel {
    const judged = this.#judge(fields, by);
    if (!('request' in judged)) return { refusal: judged, submit: () => undefined };
    const { problem } = judged;
    if (problem === undefined) return this.#enter(judged);
    const name = this.#parts.options.cancelOfEndedCode === refusals.cancel.code ? 'cancel' : 'orderId';
    return {
      refusal: refuse(fields, name, messageOf(problem)),
      submit: (turn) => this.#tell(judged.request, problem, turn),
    };
  }

  cancelBatch(list: unknown, by: Canceler): EnteredCancels {
    const guilty: ((turn: Turn) => void)[] = [];
    const batch = judgeBatch<JudgedCancel>(list, (fields, taken) => {
      const orderId = idOf(fields.orderId);
      const judged = this.#judge(fields, by);
      if (!('request' in judged)) return { refusal: judged, orderId };
      const { request } = judged;
      const problem = judged.problem ?? this.#problemWithin(request, taken);
      taken.add(request.orderId);
      if (problem === undefined) return { item: judged };
      guilty.push((turn) => this.#tell(request, problem, turn));
      return { refusal: refuse(fields, 'orderId', messageOf(problem)), orderId };
    });
    if (batch.refusal === undefined) return { items: batch.items.map((judged) => this.#enter(judged)) };
    const submit = (turn: Turn): void => {
      for (const tell of guilty) tell(turn);
    };
    return { ...batch, submit };
  }

  /** The others of the batch are not under way yet. */
  #problemWithin({ orderId }: NamedCancelRequest, taken: ReadonlySet<string>): CancelRefusal | undefined {
    return taken.has(orderId) && this.#parts.options.duplicateCancelMs > 0 ? 'repeated' : undefined;
  }

  cancelAll(fields: Fields, account: string): EnteredCancel | { readonly refusal: OrderRefusal } {
    const { symbol = '' } = fields;
    const { underWay, listed } = this.#parts;
    if (symbol !== '' && symbol !== null && !(typeof symbol === 'string' && listed.has(symbol)))
      return { refusal: refuse(fields, 'product', `symbol ${quoted(symbol)} is not listed`) };
    const only = typeof symbol === 'string' && symbol !== '' ? symbol : undefined;
    return { ack: this.#ack(fields, '', only ?? ''), ...underWay.takeCancelAll(account, only) };
  }

  #enter({ fields, request }: JudgedCancel): EnteredCancel {
    const { orderId, symbol } = request;
    return { ack: this.#ack(fields, orderId, symbol), ...this.#parts.underWay.takeCancel(request) };
  }

  #tell(request: NamedCancelRequest, problem: CancelRefusal, turn: Turn): void {
    const { options, underWay } = this.#parts;
    if (options.cancelRefusalsOnStream) underWay.takeRefusal(request, problem).submit(turn);
  }

  #judge(fields: Fields, { user, channel }: Canceler): JudgedCancel | OrderRefusal {
    const malformed = this.#judgeFields(fields);
    if (malformed !== undefined) return malformed;
    const [account, orderId, symbol] = [user.cash, `${fields.orderId}`, `${fields.symbol}`];
    const named = { channel, timeMs: readTime(fields.time) ?? 0, clientId: readId(fields.id) ?? '' };
    const requestId = this.#parts.ids.next({ ...named, uid: user.uid });
    const request = { account, orderId, symbol, requestId };
    return { fields, request, problem: this.#judgeOrder(request) };
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
  #judgeOrder({ account, orderId, symbol }: NamedCancelRequest): CancelRefusal | undefined {
    const { desk, underWay } = this.#parts;
    if (underWay.hasCancel(account, orderId)) return 'repeated';
    if (underWay.hasOrder(account, orderId, symbol)) return undefined;
    const order = desk.order(account, orderId);
    if (order === undefined || order.symbol !== symbol) return 'unknown-order';
    return isOpen(order) ? undefined : 'already-ended';
  }

  #ack(fields: Fields, orderId: string, symbol: string): AckInfo {
    const timestamp = this.#parts.clock.now();
    return { id: readId(fields.id) ?? '', orderId, orderType: noValue, symbol, timestamp };
  }
}

function messageOf(problem: CancelRefusal): string {
  return problem === 'repeated' ? messages.again : messages.notOpen;
}

function isOpen({ phase }: OrderRecord): boolean {
  return phase === 'waiting' || phase === 'open' || phase === 'partly-filled';
}

function idOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function refuse(fields: Fields, name: RefusalName, message: string): OrderRefusal {
  return { error: refusals[name], message, ...requestNames(fields) };
}
