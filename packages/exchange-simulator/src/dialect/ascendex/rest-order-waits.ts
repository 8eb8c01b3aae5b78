import type { Timers } from '@venuekit/connector-core';
import type { AccountUpdate, OrderRecord, OrderUpdate, TradingDesk } from '../../desk/desk-types.ts';
import type { EnteredOrder } from './order-entry.ts';

/** Waits for what the engine says of orders. */
export interface OrderWaits {
  /**
   * Submits an order and waits for what its reply is to tell: that the engine has it, or its first result.
   * @returns `undefined` if nothing came in time, too many wait already, the engine's queue is full, or the exchange closes.
   */
  submit(entered: EnteredOrder): OrderRecord | undefined | Promise<OrderRecord | undefined>;
  /** Lets nobody wait any longer. */
  close(): void;
}

const longestWaitMs = 5_000;
const mostWaiting = 1_000;

/** What waits are made of. */
export interface OrderWaitsParts {
  readonly desk: TradingDesk;
  readonly timers: Timers;
  /** Asked for each order: true while the queue of the engine is full, so that nobody waits. */
  readonly isFull: () => boolean;
}

/** Waits for nothing at first. */
export function createOrderWaits({ desk, timers, isFull }: OrderWaitsParts): OrderWaits {
  const waiting = new Set<() => void>();

  function submit(entered: EnteredOrder): OrderRecord | undefined | Promise<OrderRecord | undefined> {
    if (waiting.size >= mostWaiting || isFull()) {
      entered.submit('now');
      return undefined;
    }
    const { promise, resolve } = Promise.withResolvers<OrderRecord | undefined>();
    const watch = createWatch(entered);
    let told: OrderRecord | undefined;
    const subscription = desk.subscribe(entered.order.account, (update) => {
      if (told !== undefined || !watch(update)) return;
      told = update.order;
      end(told);
    });
    const timer = timers.setTimer(longestWaitMs, () => end(undefined), 'order reply');
    const giveUp = (): void => end(undefined);
    waiting.add(giveUp);
    function end(record: OrderRecord | undefined): void {
      waiting.delete(giveUp);
      timer[Symbol.dispose]();
      subscription[Symbol.dispose]();
      resolve(record);
    }
    entered.submit('now');
    return told ?? promise;
  }

  return {
    submit,
    close() {
      for (const giveUp of [...waiting]) giveUp();
    },
  };
}

/** Tells whether an update is what the reply to an order waits for. Each order of its id is accepted or rejected, in the order of their coming. */
function createWatch({
  order,
  response,
  ahead,
}: EnteredOrder): (update: AccountUpdate) => update is OrderUpdate {
  let decisions = 0;
  return (update): update is OrderUpdate => {
    if (update.kind !== 'order' || update.orderId !== order.id) return false;
    const { change } = update;
    const isDecision = change === 'accepted' || change === 'rejected';
    if (isDecision) decisions += 1;
    // Until then, the update is of an older order of the same id; behind it, rejections are of younger ones.
    if (decisions <= ahead) return false;
    if (isDecision) return decisions === ahead + 1 && (change === 'rejected' || response === 'ACCEPT');
    return change === 'filled' || change === 'canceled';
  };
}
