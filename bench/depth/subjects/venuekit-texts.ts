import { OrderBook } from '../../../packages/connector-kit/src/book/index.ts';
import type { DepthSubject, SubjectLevel } from '../subject.ts';
import { decodeDepthFrame } from './venuekit-decoding.ts';

interface TextLevel {
  readonly price: { toString(): string };
  readonly amount: { toString(): string };
}

/** The exact decoder and the exact book of texts, which needs no scale. */
export const subject: DepthSubject = {
  unit: 'decimals',
  open(snapshot) {
    const book = new OrderBook();
    const whole = decodeDepthFrame(snapshot);
    book.replace(whole);
    let last = whole.sequence;
    return {
      apply(frame) {
        const message = decodeDepthFrame(frame);
        if (message.sequence !== last + 1n)
          throw new Error(`expected message ${last + 1n}, got ${message.sequence}`);
        last = message.sequence;
        book.apply(message);
      },
      bestBid: () => Number(book.bestBid?.price.toString() ?? -1),
      bestAsk: () => Number(book.bestAsk?.price.toString() ?? -1),
      levels: () => ({
        bids: book.content().bids().map(numbers),
        asks: book.content().asks().map(numbers),
      }),
    };
  },
};

function numbers({ price, amount }: TextLevel): SubjectLevel {
  return [Number(price.toString()), Number(amount.toString())];
}
