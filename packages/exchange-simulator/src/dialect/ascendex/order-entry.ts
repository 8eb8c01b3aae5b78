import type { DeskOrder } from '../../desk/desk-types.ts';
import type { User } from '../../users/user-types.ts';
import type { AscendexOptions } from './ascendex-options.ts';
import { type Fields, isFields, quoted, requestNames } from './client-message.ts';
import { type AscendexError, refusals } from './error-codes.ts';
import type { ResponseMode } from './order-fields.ts';
import type { JudgedOrder, OrderInput, OrderIntake, OrderRefusal } from './order-intake.ts';
import { orderTypeWords } from './order-text.ts';
import type { HeldOrder, RequestsUnderWay } from './requests-under-way.ts';

/** What the reply says when a request has been received. */
export interface AckInfo {
  /** As the request names itself; empty if it does not. */
  readonly id: string;
  readonly orderId: string;
  readonly orderType: string;
  readonly symbol: string;
  /** When it was received, in milliseconds since the epoch. */
  readonly timestamp: number;
}

/** An order that passed: it is under way. */
export interface EnteredOrder extends HeldOrder {
  readonly order: DeskOrder;
  readonly response: ResponseMode;
  readonly ack: AckInfo;
  readonly refusal?: undefined;
}

/** One order of a batch that is refused. The innocent have the code of the batch. */
export interface BatchItemRefusal {
  readonly code: number;
  readonly id: string;
  readonly reason: string;
  readonly message: string;
  readonly symbol: string;
  /** Empty if no order was meant. */
  readonly orderId: string;
}

/** A batch that is refused: all of it. */
export interface BatchRefusal {
  readonly error: AscendexError;
  readonly message: string;
  /** One for each order of the request, in its order; none if it is refused as a whole. */
  readonly items: readonly BatchItemRefusal[];
}

/** A whole batch that passed, or why it does not. */
export type EnteredBatch<Item> =
  | { readonly items: readonly Item[]; readonly refusal?: undefined }
  | { readonly refusal: BatchRefusal };

/** Where orders of customers enter, by REST and by the stream. */
export interface OrderEntry {
  place(input: OrderInput): EnteredOrder | { readonly refusal: OrderRefusal };
  /** Takes 1 to 10 orders, all or none. @param list the `orders` of the request, unchecked. */
  placeBatch(list: unknown, by: Omit<OrderInput, 'fields'>): EnteredBatch<EnteredOrder>;
}

/** What an entry works with. */
export interface OrderEntryParts {
  readonly intake: OrderIntake;
  readonly underWay: RequestsUnderWay;
  readonly clock: { now(): number };
  readonly options: Pick<AscendexOptions, 'duplicateIds'>;
}

type PassedOrder = Extract<JudgedOrder, { order: DeskOrder }>;

const mostInBatch = 10;

/** Opens an entry to a desk. */
export function createOrderEntry({ intake, underWay, clock, options }: OrderEntryParts): OrderEntry {
  function enter({ order, response }: PassedOrder): EnteredOrder {
    const { id: orderId, clientId: id, symbol, kind } = order;
    const ack = { id, orderId, orderType: orderTypeWords[kind], symbol, timestamp: clock.now() };
    return { order, response, ack, ...underWay.takeOrder(order) };
  }

  function placeBatch(list: unknown, by: { user: User; channel: 'a' | 's' }): EnteredBatch<EnteredOrder> {
    const batch: EnteredBatch<PassedOrder> = judgeBatch(list, (fields, taken) => {
      const judged = intake.judge({ fields, ...by });
      if (judged.refusal !== undefined) return judged;
      const { id, clientId, symbol } = judged.order;
      if (options.duplicateIds === 'refused' && taken.has(id)) {
        const message = `order ${id} is in this batch already`;
        return { refusal: { error: refusals.orderId, message, id: clientId, symbol } };
      }
      taken.add(id);
      return { item: judged };
    });
    return batch.refusal === undefined ? { items: batch.items.map(enter) } : batch;
  }

  return {
    place(input) {
      const judged = intake.judge(input);
      return judged.refusal === undefined ? enter(judged) : judged;
    },
    placeBatch,
  };
}

/** One order of a batch: what it comes to, or why it is refused. */
export type JudgedItem<Item> =
  | { readonly item: Item; readonly refusal?: undefined }
  | { readonly refusal: OrderRefusal; readonly orderId?: string };

/**
 * Judges a batch, all or nothing.
 * @param list unchecked.
 * @param judge judges one of it; the set is the same for all of them, and empty at first.
 */
export function judgeBatch<Item>(
  list: unknown,
  judge: (fields: Fields, taken: Set<string>) => JudgedItem<Item>,
): EnteredBatch<Item> {
  if (!Array.isArray(list)) return refuseWhole('argument', `orders: expected a list, got ${quoted(list)}`);
  if (list.length < 1 || list.length > mostInBatch)
    return refuseWhole('batch', `orders: expected 1 to ${mostInBatch}, got ${list.length}`);
  const taken = new Set<string>();
  const judged = list.map((fields: unknown) =>
    isFields(fields) ? { fields, ...judge(fields, taken) } : { fields: {}, ...refuseItem(fields) },
  );
  if (judged.every((one) => one.refusal === undefined)) {
    return { items: judged.flatMap((one) => (one.refusal === undefined ? [one.item] : [])) };
  }
  const items = judged.map((one) => describe(one.fields, one.refusal, 'orderId' in one ? one.orderId : ''));
  return { refusal: { error: refusals.batch, message: 'at least one order of the batch is refused', items } };
}

function refuseItem(value: unknown): { readonly refusal: OrderRefusal } {
  const message = `expected an order, got ${quoted(value)}`;
  return { refusal: { error: refusals.argument, message, id: '', symbol: '' } };
}

function describe(fields: Fields, refusal: OrderRefusal | undefined, orderId = ''): BatchItemRefusal {
  const innocent = { error: refusals.batch, message: 'another order of the batch is refused' };
  const { error, message } = refusal ?? innocent;
  const { code, reason } = error;
  const { id, symbol } = requestNames(fields);
  return { code, id, reason, message, symbol, orderId };
}

function refuseWhole(name: 'argument' | 'batch', message: string): { readonly refusal: BatchRefusal } {
  return { refusal: { error: refusals[name], message, items: [] } };
}
