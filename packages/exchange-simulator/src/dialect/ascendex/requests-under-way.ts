import type { Clock, Timers } from '@venuekit/connector-core';
import type {
  AccountUpdate,
  CancelRefusal,
  CancelRequest,
  DeskOrder,
  TradingDesk,
} from '../../desk/desk-types.ts';
import type { AscendexOptions } from './ascendex-options.ts';

/** When a request that was judged goes on to the desk: now, or when its reply has been given. What was answered before it goes first. */
export type Turn = 'now' | 'behind-reply';

/** A request that was judged. */
export interface HeldRequest {
  /** Hands it to the desk; the desk's updates may come within the call. To be called once. */
  submit(turn: Turn): void;
}

/** An order that has passed. */
export interface HeldOrder extends HeldRequest {
  /** How many orders of the same id and account are under way before it: the first results are theirs. */
  readonly ahead: number;
}

/** A request to cancel one order, with an id of its own. */
export type NamedCancelRequest = Required<CancelRequest>;

/**
 * Requests from their reply until their owner has been told what the engine makes of them. Whatever is taken here has been judged, and has to
 * be submitted.
 */
export interface RequestsUnderWay {
  /** The order is under way from now on, until it is told as accepted or rejected. */
  takeOrder(order: DeskOrder): HeldOrder;
  /** The order counts as asked to be canceled from now on, unless that is refused. */
  takeCancel(request: NamedCancelRequest): HeldRequest;
  takeCancelAll(account: string, symbol?: string): HeldRequest;
  /** A cancel that is refused and only told: nothing is ever canceled by it. */
  takeRefusal(request: NamedCancelRequest, refusal: CancelRefusal): HeldRequest;
  /** True if an order of that id is under way; of that market, if one is named. */
  hasOrder(account: string, orderId: string, symbol?: string): boolean;
  /** True if the order was asked to be canceled less than `duplicateCancelMs` ago, and that was not refused. */
  hasCancel(account: string, orderId: string): boolean;
}

/** What requests are handed to. */
export interface UnderWayParts {
  readonly desk: Pick<TradingDesk, 'submit' | 'cancel' | 'cancelAll' | 'refuseCancel' | 'subscribe'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly timers: Timers;
  readonly options: Pick<AscendexOptions, 'duplicateCancelMs'>;
}

/** Nothing is under way at first. */
export function createRequestsUnderWay(parts: UnderWayParts): RequestsUnderWay {
  return new UnderWay(parts);
}

/** Cancels that are remembered; beyond this many, the oldest are forgotten. */
const mostCancels = 10_000;

interface AskedCancel {
  readonly requestId: string;
  /** By the clock that is never set. */
  readonly askedAtMs: number;
}

class UnderWay implements RequestsUnderWay {
  readonly #parts: UnderWayParts;
  /** Accounts whose updates are heard. */
  readonly #accounts = new Set<string>();
  /** Markets of the orders of an id, in the order of their coming. */
  readonly #orders = new Map<string, readonly string[]>();
  /** The oldest first. */
  readonly #cancels = new Map<string, AskedCancel>();
  readonly #behindReplies: (() => void)[] = [];

  constructor(parts: UnderWayParts) {
    this.#parts = parts;
  }

  takeOrder(order: DeskOrder): HeldOrder {
    const { account, id, symbol } = order;
    const name = nameOf(account, id);
    const before = this.#orders.get(name) ?? [];
    this.#listenTo(account);
    this.#orders.set(name, [...before, symbol]);
    return { ahead: before.length, ...this.#hold((desk) => desk.submit(order)) };
  }

  takeCancel({ account, orderId, symbol, requestId }: NamedCancelRequest): HeldRequest {
    this.#listenTo(account);
    this.#remember(nameOf(account, orderId), requestId);
    return this.#hold((desk) => desk.cancel(account, orderId, symbol, requestId));
  }

  takeCancelAll(account: string, symbol?: string): HeldRequest {
    return this.#hold((desk) => desk.cancelAll(account, symbol));
  }

  takeRefusal(request: NamedCancelRequest, refusal: CancelRefusal): HeldRequest {
    return this.#hold((desk) => desk.refuseCancel({ ...request, refusal }));
  }

  hasOrder(account: string, orderId: string, symbol?: string): boolean {
    const symbols = this.#orders.get(nameOf(account, orderId)) ?? [];
    return symbol === undefined ? symbols.length > 0 : symbols.includes(symbol);
  }

  hasCancel(account: string, orderId: string): boolean {
    const asked = this.#cancels.get(nameOf(account, orderId));
    return asked !== undefined && !this.#isOver(asked);
  }

  #hold(act: (desk: UnderWayParts['desk']) => void): HeldRequest {
    return { submit: (turn) => this.#submit(turn, () => act(this.#parts.desk)) };
  }

  #submit(turn: Turn, act: () => void): void {
    if (turn === 'now' && this.#behindReplies.length === 0) {
      act();
      return;
    }
    this.#behindReplies.push(act);
    this.#parts.timers.setTimer(0, () => this.#behindReplies.shift()?.(), 'order behind its reply');
  }

  #listenTo(account: string): void {
    if (this.#accounts.has(account)) return;
    this.#accounts.add(account);
    this.#parts.desk.subscribe(account, (update) => this.#hear(update));
  }

  #hear(update: AccountUpdate): void {
    if (update.kind !== 'order') return;
    const { account, orderId, change, refusal, requestId } = update;
    const name = nameOf(account, orderId);
    if (change === 'accepted' || change === 'rejected') this.#decided(name);
    // A request that is sent again has the same id: its refusal says nothing of the first.
    else if (change === 'cancel-refused' && refusal !== 'repeated') {
      if (this.#cancels.get(name)?.requestId === requestId) this.#cancels.delete(name);
    }
  }

  /** Orders of one id are decided in the order of their coming. */
  #decided(name: string): void {
    const [, ...left] = this.#orders.get(name) ?? [];
    if (left.length === 0) this.#orders.delete(name);
    else this.#orders.set(name, left);
  }

  #remember(name: string, requestId: string): void {
    this.#cancels.delete(name);
    this.#cancels.set(name, { requestId, askedAtMs: this.#parts.clock.monotonic() });
    for (const [oldest, asked] of this.#cancels) {
      if (!this.#isOver(asked) && this.#cancels.size <= mostCancels) break;
      this.#cancels.delete(oldest);
    }
  }

  #isOver({ askedAtMs }: AskedCancel): boolean {
    return this.#parts.clock.monotonic() - askedAtMs >= this.#parts.options.duplicateCancelMs;
  }
}

function nameOf(account: string, orderId: string): string {
  return `${account} ${orderId}`;
}
