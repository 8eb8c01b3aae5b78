import type { AscendexTrading } from './ascendex-context.ts';
import type { Fields } from './client-message.ts';
import type { ClientOutlet } from './client-outlet.ts';
import { type RefusalName, refusals } from './error-codes.ts';
import type { Identity } from './login.ts';
import type { AccountName } from './order-channel-text.ts';
import type { AckInfo } from './order-entry.ts';
import { readTime } from './order-fields.ts';
import type { OrderCancels } from './order-requests-cancels.ts';
import { createOrderReplies, type OrderReplies } from './order-requests-replies.ts';
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
  /** Serves a request about an account of whoever has logged in. */
  serve(action: TradingAction, args: Fields, identity: Identity, account: AccountName): void;
}

/** What requests share with the rest of the stream. */
export interface OrderRequestParts {
  readonly outlet: ClientOutlet;
  readonly cancels: OrderCancels;
  readonly gate: StreamGate;
}

/** Makes the order requests of a session. */
export function createOrderRequests(context: SessionContext, parts: OrderRequestParts): OrderRequests {
  const { trading, options } = context;
  return {
    serve(action, args, identity, account) {
      const replies = createOrderReplies(parts.outlet, account);
      const refuse = (name: RefusalName, message: string): void =>
        replies.refuse(action, {
          error: refusals[name],
          message,
          id: textOf(args.id),
          symbol: textOf(args.symbol),
        });
      if (trading === undefined) refuse('operation', 'nothing can be traded here');
      else if (!identity.key.canTrade) refuse('permission', 'the API key may not trade');
      else if (account.ac === 'MARGIN') refuse('marginAccount', 'nothing is traded on margin here');
      else {
        const { updatesBeforeReply } = options;
        const request = new Request({ ...parts, trading, identity, replies, updatesBeforeReply });
        parts.gate.whenQuiet(() => request.serve(action, args));
      }
    },
  };
}

interface RequestParts {
  readonly trading: AscendexTrading;
  readonly identity: Identity;
  readonly replies: OrderReplies;
  readonly cancels: OrderCancels;
  readonly gate: StreamGate;
  readonly updatesBeforeReply: boolean;
}

/** Something that passed, or that is refused and may be told of nevertheless. */
interface Entered {
  readonly ack: AckInfo;
  submit(): void;
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
    const { trading, identity, replies } = this.#with;
    const entered = trading.orders.place({ fields, user: identity.user, channel: 's' });
    if (entered.refusal === undefined) this.#take(action, entered);
    else replies.refuse(action, entered.refusal);
  }

  #cancel(action: TradingAction, fields: Fields): void {
    const { trading, identity, replies } = this.#with;
    const entered = trading.cancels.cancel(fields, identity.user.cash);
    this.#note(fields);
    if (entered.refusal === undefined) this.#take(action, entered);
    else
      this.#answer(
        () => entered.submit(),
        () => replies.refuse(action, entered.refusal),
      );
  }

  #cancelAll(action: TradingAction, fields: Fields): void {
    const { trading, identity, replies } = this.#with;
    const entered = trading.cancels.cancelAll(fields, identity.user.cash);
    if (entered.refusal === undefined) this.#take(action, entered);
    else replies.refuse(action, entered.refusal);
  }

  #placeBatch(action: TradingAction, { orders }: Fields): void {
    const { trading, identity, replies } = this.#with;
    const entered = trading.orders.placeBatch(orders, { user: identity.user, channel: 's' });
    if (entered.refusal === undefined) this.#takeAll(action, entered.items);
    else replies.refuseBatch(action, entered.refusal);
  }

  #cancelBatch(action: TradingAction, { orders }: Fields): void {
    const { trading, identity, replies } = this.#with;
    const entered = trading.cancels.cancelBatch(orders, identity.user.cash);
    if (entered.refusal !== undefined) {
      replies.refuseBatch(action, entered.refusal);
      return;
    }
    for (const fields of orders as readonly Fields[]) this.#note(fields);
    this.#takeAll(action, entered.items);
  }

  #take(action: TradingAction, entered: Entered): void {
    this.#answer(
      () => entered.submit(),
      () => this.#with.replies.ack(action, entered.ack),
    );
  }

  #takeAll(action: TradingAction, items: readonly Entered[]): void {
    this.#answer(
      () => {
        for (const item of items) item.submit();
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

  /** Remembers a request to cancel, for when its refusal is told by its own name. */
  #note({ orderId, id, time }: Fields): void {
    const { identity, cancels } = this.#with;
    const { cash: account, uid } = identity.user;
    if (typeof orderId !== 'string') return;
    cancels.note({ account, orderId, uid, id: textOf(id), timeMs: readTime(time) ?? 0 });
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
