import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Run } from '../measure.ts';
import { type Book, books } from './books.ts';
import { type Action, orderStream, streams } from './order-stream.ts';

const warmups = 200_000;
const measured = 200_000;
const part = 10_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const make = books[process.argv[2] ?? ''];
if (make === undefined)
  throw new Error(`expected one of ${Object.keys(books).join(', ')}, got ${process.argv[2]}`);
const digest = createHash('sha256');
const nanoseconds: Record<string, number> = {};
for (const [name, crowding] of Object.entries(streams)) {
  const book = await make();
  nanoseconds[name] = play(book, crowding);
  digest.update(JSON.stringify(sorted(book)));
}
const run: Run = { nanoseconds, digest: digest.digest('hex') };
console.log(JSON.stringify(run));

/** Processor time of one operation of a stream, once the book is full and the code is warm. */
function play(book: Book, crowding: number): number {
  const { opening, mixed } = orderStream(warmups + measured, crowding);
  actAll(book, opening);
  // In parts, so that what is measured is a loop that has been compiled, too.
  for (let from = 0; from < warmups; from += part) actAll(book, mixed.slice(from, from + part));
  const rest = mixed.slice(warmups);
  // What the making of the stream has left is no work of the book.
  collectGarbage();
  const before = process.cpuUsage();
  actAll(book, rest);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / rest.length;
}

function actAll(book: Book, actions: readonly Action[]): void {
  for (const action of actions) book.act(action);
}

/** From the lowest price up; a package may list a side from its other end. */
function sorted(book: Book): unknown {
  return book.levels().map((side) => [...side].sort(([one], [other]) => one - other));
}
