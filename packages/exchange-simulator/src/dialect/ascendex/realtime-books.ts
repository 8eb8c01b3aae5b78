import type { LevelsEvent } from '../../market/market.ts';
import { type Fields, quoted } from './client-message.ts';
import type { ClientOutlet } from './client-outlet.ts';
import { refusals } from './error-codes.ts';
import { encodeRealtime, encodeRealtimeBook, encodeReply, encodeSides, type MessageId } from './messages.ts';
import type { SessionContext } from './session-context.ts';

/** Books of one session whose every change is told at once, each in a sequence of its own that lasts as long as the session. */
export interface RealtimeBooks {
  /** Sends the book as it is at this moment. */
  give(symbol: string): void;
  /** Tells of a change. */
  tell(event: LevelsEvent, sides: string): void;
  /** A change is not told of, and the client can notice. */
  skip(symbol: string): void;
  /** Serves `depth-snapshot-realtime`. */
  serve(args: Fields, id: MessageId): void;
}

const action = 'depth-snapshot-realtime';

/** Makes the books of a session that has seen none. */
export function createRealtimeBooks(
  { market }: Pick<SessionContext, 'market'>,
  outlet: ClientOutlet,
): RealtimeBooks {
  /** Number of the newest change, by symbol. */
  const numbers = new Map<string, number>();

  function next(symbol: string): number {
    const number = numberOf(symbol) + 1;
    numbers.set(symbol, number);
    return number;
  }

  function numberOf(symbol: string): number {
    return numbers.get(symbol) ?? 1;
  }

  function give(symbol: string): void {
    const book = market.liveBook(symbol, Number.POSITIVE_INFINITY);
    if (book === undefined) return;
    const text = encodeRealtimeBook(symbol, numberOf(symbol), encodeSides(book));
    outlet.push(text, { channel: 'snapshot', symbol });
  }

  function refuse(id: MessageId, info: string): void {
    outlet.push(encodeReply(action, id, { ...refusals.symbol, info }), { channel: 'error' });
  }

  return {
    give,
    tell: (event, sides) =>
      outlet.push(encodeRealtime(event, next(event.symbol), sides), {
        channel: 'depth-realtime',
        symbol: event.symbol,
      }),
    skip: (symbol) => void next(symbol),
    serve({ symbol }, id) {
      if (typeof symbol !== 'string')
        outlet.refuse(id, `${action} needs "args.symbol" as text, got ${quoted(symbol)}`);
      else if (market.liveBook(symbol, 0) === undefined) refuse(id, `there is no market ${symbol}`);
      else give(symbol);
    },
  };
}
