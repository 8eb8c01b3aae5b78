import type { User } from '../../users/user-types.ts';
import type { AscendexTrading } from './ascendex-context.ts';
import type { Verified } from './authentication.ts';
import { type Fields, requestNames } from './client-message.ts';
import type { ClientOutlet } from './client-outlet.ts';
import { type AscendexError, refusals } from './error-codes.ts';
import type { AccountName } from './order-channel-text.ts';
import type { AckInfo } from './order-entry.ts';
import { createOrderReplies, type OrderReplies } from './order-requests-replies.ts';
import type { HeldRequest } from './requests-under-way.ts';
import type { SessionContext } from './session-context.ts';
import type { StreamGate } from './stream-gate.ts';

/** Actions by which a session trades. */
export const tradingActions = [
  'place-order',
  'cancel-order',
  'cancel-all',
  'batch-place-order',
  'batch-cancel-order',
] as const;

/** One of {@link tradingActions}. */
export type TradingAction = (typeof tradingActions)[number];

/** Orders that one session hands in, and takes back. */
export interface OrderRequests {
  /** Serves a request about an account of whoever has logged in. @param verified whether the key may trade now. */
  serve(action: TradingAction, args: Fields, verified: Verified, account: AccountName): void;
}

/** What requests share with the rest of the stream. */
export interface OrderRequestParts {
  readonly outlet: ClientOutlet;
  readonly gate: StreamGate;
}

/** Makes the order requests of a session. */
export function createOrderRequests(context: SessionContext, parts: OrderRequestParts): OrderRequests {
  const { trading, options } = context;
  return {
    serve(action, args, verified, account) {
      const replies = createOrderReplies(parts.outlet, account);
      const refuse = (error: AscendexError, message: string): void =>
        replies.refuse(action, { error, message, ...requestNames(args) });
      if (trading === undefined) refuse(refusals.operation, 'nothing can be traded here');
      else if (verified.refusal !== undefined) refuse(verified.refusal, verified.message);
      else if (account.ac === 'MARGIN') refuse(refusals.marginAccount, 'nothing is traded on margin here');
      else {
        const { user } = verified;
        const { updatesBeforeReply } = options;
        const request = new Request({ ...parts, trading, user, replies, updatesBeforeReply });
        parts.gate.whenQuiet(() => request.serve(action, args));
      }
    },
  };
}

interface RequestParts {
  readonly trading: AscendexTrading;
  readonly user: User;
  readonly replies: OrderReplies;
  readonly gate: StreamGate;
  readonly updatesBeforeReply: boolean;
}

interface Entered extends HeldRequest {
  readonly ack: AckInfo;
}

/** One request of a user who may trade. */
class Request {
  readonly #with: RequestParts;

  constructor(parts: RequestParts) {
    this.#with = parts;
  }

  serve(action: TradingAction, args: Fields): void {
    switch (action) {
      case 'place-order':
        this.#place(action, args);
        return;
      case 'cancel-order':
        this.#cancel(action, args);
        return;
      case 'cancel-all':
        this.#cancelAll(action, args);
        return;
      case 'batch-place-order':
        this.#placeBatch(action, args);
        return;
      case 'batch-cancel-order':
        this.#cancelBatch(action, args);
    }
  }

  #place(action: TradingAction, fields: Fields): void {
    const { trading, user, replies } = this.#with;
    const entered = trading.orders.place({ fields, user, channel: 's' });
    if (entered.refusal === undefined) this.#take(action, entered);
    else replies.refuse(action, entered.refusal);
  }

  #cancel(action: TradingAction, fields: Fields): void {
    const { trading, user, replies } = this.#with;
    const entered = trading.cancels.cancel(fields, { user, channel: 's' });
    if (entered.refusal === undefined) this.#take(action, entered);
    else
      this.#answer(
        () => entered.submit('now'),
        () => replies.refuse(action, entered.refusal),
      );
  }

  #cancelAll(action: TradingAction, fields: Fields): void {
    const { trading, user, replies } = this.#with;
    const entered = trading.cancels.cancelAll(fields, user.cash);
    if (entered.refusal === undefined) this.#take(action, entered);
    else replies.refuse(action, entered.refusal);
  }

  #placeBatch(action: TradingAction, { orders }: Fields): void {
    const { trading, user, replies } = this.#with;
    const entered = trading.orders.placeBatch(orders, { user, channel: 's' });
    if (entered.refusal === undefined) this.#takeAll(action, entered.items);
    else replies.refuseBatch(action, entered.refusal);
  }

  #cancelBatch(action: TradingAction, { orders }: Fields): void {
    const { trading, user, replies } = this.#with;
    const entered = trading.cancels.cancelBatch(orders, { user, channel: 's' });
    if (entered.refusal === undefined) this.#takeAll(action, entered.items);
    else
      this.#answer(
        () => entered.submit('now'),
        () => replies.refuseBatch(action, entered.refusal),
      );
  }

  #take(action: TradingAction, entered: Entered): void {
    this.#answer(
      () => entered.submit('now'),
      () => this.#with.replies.ack(action, entered.ack),
    );
  }

  #takeAll(action: TradingAction, items: readonly Entered[]): void {
    this.#answer(
      () => {
        for (const item of items) item.submit('now');
      },
      () =>
        this.#with.replies.ack(
          action,
          items.map(({ ack }) => ack),
        ),
    );
  }

  /** The channel tells of what happens before the request is answered, or after. */
  #answer(act: () => void, reply: () => void): void {
    const { gate, updatesBeforeReply } = this.#with;
    gate.tell(() => {
      for (const step of updatesBeforeReply ? [act, reply] : [reply, act]) step();
    });
  }
}
