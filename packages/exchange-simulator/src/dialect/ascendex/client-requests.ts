import type { BookAnswer } from '../../market/market.ts';
import { count } from '../../stats.ts';
import { type Fields, isFields, quoted } from './client-message.ts';
import type { ClientOutlet } from './client-outlet.ts';
import { refusals } from './error-codes.ts';
import type { Login } from './login.ts';
import { encodeBook, encodeTradesReply, type MessageId } from './messages.ts';
import { accountNamed } from './order-channel.ts';
import {
  createOrderRequests,
  type OrderRequestParts,
  type OrderRequests,
  tradingActions,
} from './order-requests.ts';
import { type AccountRequests, accountActions, createAccountRequests } from './order-requests-account.ts';
import { createPendingReplies, type PendingReplies } from './pending-replies.ts';
import type { RealtimeBooks } from './realtime-books.ts';
import type { SessionContext } from './session-context.ts';

/** What one client asks for once. */
export interface ClientRequests {
  /** True if the client was given the book of `symbol`. */
  hasBook(symbol: string): boolean;
  /** Serves a `req`. */
  serve(message: Fields, id: MessageId): void;
  /** Gives up what is still to be answered. */
  close(): void;
}

const mostLevels = 500;
const mostTrades = 100;

/** Where the parts of a session get their answers. */
export interface RequestSources extends OrderRequestParts {
  readonly login: Login;
  readonly books: RealtimeBooks;
}

/** Makes the requests of a client that has asked for nothing. */
export function createClientRequests(context: SessionContext, sources: RequestSources): ClientRequests {
  return new Requests(context, sources);
}

class Requests implements ClientRequests {
  readonly #context: SessionContext;
  readonly #sources: RequestSources;
  readonly #outlet: ClientOutlet;
  readonly #orders: OrderRequests;
  readonly #accounts: AccountRequests;
  readonly #books = new Set<string>();
  /** Books that are still to come. */
  readonly #pending: PendingReplies = createPendingReplies();

  constructor(context: SessionContext, sources: RequestSources) {
    this.#context = context;
    this.#sources = sources;
    this.#outlet = sources.outlet;
    this.#orders = createOrderRequests(context, sources);
    this.#accounts = createAccountRequests(context, sources.outlet);
  }

  hasBook(symbol: string): boolean {
    return this.#books.has(symbol);
  }

  serve(message: Fields, id: MessageId): void {
    const { action, args } = message;
    if (typeof action !== 'string') {
      this.#outlet.refuse(id, `req needs "action" as text, got ${quoted(action)}`);
      return;
    }
    const name = action.toLowerCase();
    const fields = isFields(args) ? args : {};
    switch (name) {
      case 'depth-snapshot':
        this.#requestBook(name, fields, id, mostLevels);
        return;
      case 'depth-snapshot-top100':
        this.#requestBook(name, fields, id, 100);
        return;
      case 'market-trades':
        this.#requestTrades(name, fields, id);
        return;
      default:
        this.#serveOwner(name, message, fields, id);
    }
  }

  close(): void {
    this.#pending.close();
  }

  /** Serves what needs a login. */
  #serveOwner(name: string, { account = 'cash' }: Fields, args: Fields, id: MessageId): void {
    const trading = tradingActions.find((action) => action === name);
    const asking = accountActions.find((action) => action === name);
    if (trading === undefined && asking === undefined && name !== 'depth-snapshot-realtime') {
      this.#outlet.refuse(id, `unknown action ${quoted(name)}`);
      return;
    }
    count(this.#context.counters.action, name);
    const { login } = this.#sources;
    const verified = login.recheck(trading === undefined ? 'view' : 'trade');
    if (login.identity === undefined || verified === undefined) {
      this.#outlet.error(id, refusals.authorization, `${quoted(name)} needs a login`);
      return;
    }
    const owned = typeof account === 'string' ? accountNamed(login.identity.user, account) : undefined;
    if (trading === undefined && verified.refusal !== undefined)
      this.#outlet.error(id, verified.refusal, verified.message);
    else if (name === 'depth-snapshot-realtime') this.#sources.books.serve(args, id);
    else if (owned === undefined)
      this.#outlet.error(id, refusals.account, `there is no account ${quoted(account)}`);
    else if (trading !== undefined) this.#orders.serve(trading, args, verified, owned);
    else if (asking !== undefined) this.#accounts.serve(asking, args, id, owned);
  }

  #requestBook(action: string, args: Fields, id: MessageId, levels: number): void {
    const symbol = this.#symbolOf(action, args, id);
    if (symbol === undefined) return;
    const { market, timers, faults } = this.#context;
    const answer = (reply: BookAnswer): void => {
      if (faults.losesSnapshot(symbol)) return;
      const old = faults.oldSnapshot(symbol);
      const give = (): void => {
        this.#giveBook(symbol, old === undefined ? reply : { book: old }, levels);
        // Whoever has an old book cannot tell what goes wrong with the present one.
        if (old !== undefined) this.#books.delete(symbol);
      };
      const delayMs = faults.snapshotDelayMs(symbol);
      if (delayMs === 0) give();
      else this.#pending.wait(give, (late) => timers.setTimer(delayMs, late, 'slow book'));
    };
    this.#pending.wait(answer, (given) => market.requestBook(symbol, given));
  }

  #giveBook(symbol: string, { book, text }: BookAnswer, levels: number): void {
    const shortened = { ...book, asks: book.asks.slice(0, levels), bids: book.bids.slice(0, levels) };
    const frame = levels === mostLevels && text !== undefined ? text : encodeBook(symbol, shortened);
    if (!this.#context.faults.silent) this.#books.add(symbol);
    this.#outlet.push(frame, { channel: 'snapshot', symbol });
  }

  #requestTrades(action: string, args: Fields, id: MessageId): void {
    const symbol = this.#symbolOf(action, args, id);
    if (symbol === undefined) return;
    const level = args.level ?? mostTrades;
    if (typeof level !== 'number' || !Number.isInteger(level) || level < 1) {
      this.#outlet.refuse(id, `${action} needs "level" as a whole number from 1 up, got ${quoted(level)}`);
      return;
    }
    const trades = this.#context.market.trades(symbol).slice(-Math.min(level, mostTrades));
    this.#outlet.push(encodeTradesReply(id, symbol, trades), { channel: 'reply', symbol });
  }

  /** The symbol of a request; if it cannot be served, the refusal has been sent. */
  #symbolOf(action: string, args: Fields, id: MessageId): string | undefined {
    const { symbol } = args;
    const { market, counters } = this.#context;
    count(counters.action, action);
    if (typeof symbol !== 'string') {
      this.#outlet.refuse(id, `${action} needs "args.symbol" as text, got ${quoted(symbol)}`);
      return undefined;
    }
    if (market.book(symbol, 0) !== undefined) return symbol;
    this.#outlet.error(id, refusals.symbol, `there is no market ${symbol}`);
    return undefined;
  }
}
