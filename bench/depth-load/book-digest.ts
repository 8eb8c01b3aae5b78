import { createHash } from 'node:crypto';

/** A price and an amount as decimal text, without zeros at the end. */
export type LevelText = readonly [price: string, amount: string];

/** Books are compared where their number is a multiple of this: three or four of them at any publication, for books begin at numbers of their own. */
const sampledEvery = 500n;

/** True for numbers at which a book is looked at, by its server and by its client. */
export function isSampled(sequence: bigint): boolean {
  return sequence % sampledEvery === 0n;
}

/** Says in short what is in a book; the best levels come first. */
export function digestOf(bids: Iterable<LevelText>, asks: Iterable<LevelText>): string {
  const hash = createHash('sha256');
  for (const side of [bids, asks]) {
    let text = '';
    for (const [price, amount] of side) text += `${price} ${amount}\n`;
    hash.update(text).update('|');
  }
  return hash.digest('base64').slice(0, 22);
}
