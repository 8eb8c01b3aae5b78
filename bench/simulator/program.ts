import { createHash } from 'node:crypto';
import type { Run } from '../measure.ts';
import { books } from './books.ts';
import { orderStream } from './order-stream.ts';

const warmups = 40_000;
const measured = 40_000;

const make = books[process.argv[2] ?? ''];
if (make === undefined)
  throw new Error(`expected one of ${Object.keys(books).join(', ')}, got ${process.argv[2]}`);
const book = await make();
const { opening, mixed } = orderStream(warmups + measured);
for (const action of [...opening, ...mixed.slice(0, warmups)]) book.act(action);
const rest = mixed.slice(warmups);
const before = process.cpuUsage();
for (const action of rest) book.act(action);
const { user, system } = process.cpuUsage(before);

// From the best on; a package may list a side from its other end.
const sorted = book.levels().map((side) => [...side].sort(([a], [b]) => a - b));
const digest = createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
const run: Run = { nanoseconds: { 'mixed stream': ((user + system) * 1_000) / rest.length }, digest };
console.log(JSON.stringify(run));
