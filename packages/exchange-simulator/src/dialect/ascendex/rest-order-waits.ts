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
      entered.submit();
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
    entered.submit();
    return told ?? promise;
  }

  return {
    submit,
    close() {
      for (const giveUp of [...waiting]) giveUp();
    },
  };
}

/** Tells whether an update is what the reply to an order waits for. */
function createWatch({ order, response }: EnteredOrder): (update: AccountUpdate) => update is OrderUpdate {
  let accepted = false;
  return (update): update is OrderUpdate => {
    if (update.kind !== 'order' || update.orderId !== order.id) return false;
    if (update.change === 'rejected') return true;
    if (update.change === 'accepted') {
      accepted = true;
      return response === 'ACCEPT';
    }
    // Before that, the update is of an older order of the same id.
    return accepted && (update.change === 'filled' || update.change === 'canceled');
  };
}
