import type { BookAnswer } from '../market/market.ts';
import type { RecordedBook, SessionContents } from './session-contents.ts';
import { createWaitingRoom } from './waiting-room.ts';

/** The confirmations and the books of one recorded connection. Each has its place, for which clients wait. */
export interface Places {
  /** The first book of every symbol that was recorded there. */
  readonly books: ReadonlyMap<string, RecordedBook>;
  /** Calls `confirm` at the place of a topic's confirmation; `undefined` if that has gone by or never comes. */
  awaitConfirmation(topic: string, confirm: () => void): Disposable | undefined;
  /** The place of a confirmation has come. */
  confirm(topic: string): void;
  /** True if the place of a symbol's book has gone by, or never comes: there is nothing to wait for. */
  isPast(symbol: string): boolean;
  /** True if somebody waits for the book of `symbol`. */
  isAsked(symbol: string): boolean;
  /** Calls `answer` at the place of a symbol's book, or earlier. */
  awaitBook(symbol: string, answer: (reply: BookAnswer) => void): Disposable;
  /** The place of a symbol's book has come; only the first one counts. */
  meetBook(symbol: string, reply: BookAnswer): void;
  /** Answers those who have waited for too long, ahead of the place. */
  answerEarly(symbol: string, reply: BookAnswer): void;
}

/**
 * Makes the places of a connection, none of which has come yet.
 * @param symbols have a market; not all of them need have a book on this connection.
 */
export function createPlaces(here: SessionContents, symbols: readonly string[]): Places {
  const requests = createWaitingRoom<BookAnswer>();
  const confirmations = createWaitingRoom<undefined>();
  const confirmed = new Set<string>();
  const past = new Set(symbols.filter((symbol) => !here.firstBooks.has(symbol)));
  return {
    books: here.firstBooks,
    awaitConfirmation: (topic, confirm) =>
      here.confirmed.has(topic) && !confirmed.has(topic) ? confirmations.add(topic, confirm) : undefined,
    confirm(topic) {
      confirmed.add(topic);
      confirmations.release(topic, undefined);
    },
    isPast: (symbol) => past.has(symbol),
    isAsked: (symbol) => requests.has(symbol),
    awaitBook: (symbol, answer) => requests.add(symbol, answer),
    meetBook(symbol, reply) {
      if (past.has(symbol)) return;
      past.add(symbol);
      requests.release(symbol, reply);
    },
    answerEarly: (symbol, reply) => requests.release(symbol, reply),
  };
}
