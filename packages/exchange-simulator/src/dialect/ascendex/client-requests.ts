import type { BookAnswer } from '../../market/market.ts';
import { count } from '../../stats.ts';
import { type Fields, isFields, quoted } from './client-message.ts';
import type { ClientOutlet } from './client-outlet.ts';
import { refusals } from './error-codes.ts';
import { encodeBook, encodeError, encodeTradesReply, type MessageId } from './messages.ts';
import { createPendingReplies, type PendingReplies } from './pending-replies.ts';
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

/** Actions that need a login; until there are accounts, nobody has one. */
const privateActions: ReadonlySet<string> = new Set([
  'place-order',
  'cancel-order',
  'cancel-all',
  'open-order',
  'balance',
  'margin-risk',
  'depth-snapshot-realtime',
]);

/** Makes the requests of a client that has asked for nothing. */
export function createClientRequests(context: SessionContext, outlet: ClientOutlet): ClientRequests {
  return new Requests(context, outlet);
}

class Requests implements ClientRequests {
  readonly #context: SessionContext;
  readonly #outlet: ClientOutlet;
  readonly #books = new Set<string>();
  /** Books that are still to come. */
  readonly #pending: PendingReplies = createPendingReplies();

  constructor(context: SessionContext, outlet: ClientOutlet) {
    this.#context = context;
    this.#outlet = outlet;
  }

  hasBook(symbol: string): boolean {
    return this.#books.has(symbol);
  }

  serve({ action, args }: Fields, id: MessageId): void {
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
        this.#refuseAction(name, id);
    }
  }

  close(): void {
    this.#pending.close();
  }

  #refuseAction(name: string, id: MessageId): void {
    if (!privateActions.has(name)) {
      this.#outlet.refuse(id, `unknown action ${quoted(name)}`);
      return;
    }
    this.#outlet.push(encodeError(id, refusals.authorization, `${quoted(name)} needs a login`));
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
    this.#outlet.push(frame);
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
    this.#outlet.push(encodeTradesReply(id, symbol, trades));
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
    this.#outlet.push(encodeError(id, refusals.symbol, `there is no market ${symbol}`));
    return undefined;
  }
}
