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
  // In parts, so that what is measured is a loop that has been compiled, too.
  const parts = Array.from({ length: mixed.length / part }, (_, at) =>
    mixed.slice(at * part, (at + 1) * part),
  );
  // What the making of the stream has left is no work of the book. It is collected before the code gets warm, and not after that: to
  // collect all garbage throws compiled code away, and to compile it anew took a third of the time that was measured.
  collectGarbage();
  actAll(book, opening);
  for (const actions of parts.slice(0, warmups / part)) actAll(book, actions);
  const rest = parts.slice(warmups / part);
  const before = process.cpuUsage();
  for (const actions of rest) actAll(book, actions);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / measured;
}

function actAll(book: Book, actions: readonly Action[]): void {
  for (const action of actions) book.act(action);
}

/** From the lowest price up; a package may list a side from its other end. */
function sorted(book: Book): unknown {
  return book.levels().map((side) => [...side].sort(([one], [other]) => one - other));
}
