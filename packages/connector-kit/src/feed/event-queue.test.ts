import { expect, test } from 'vitest';
import { EventQueue } from './event-queue.ts';

/** Events conflate by their first letter; gaps do not. */
function makeQueue(): EventQueue<string> {
  return new EventQueue<string>({
    bound: 10_000,
    conflateBy: (event) => (event.startsWith('gap') ? undefined : event[0]),
  });
}

test('an event whose predecessor was read is kept', async () => {
  const queue = makeQueue();
  for (const event of ['a1', 'b1']) queue.push(event);
  await queue.next();
  queue.push('a2');
  expect([(await queue.next()).value, (await queue.next()).value]).toEqual(['b1', 'a2']);
});

test('conflation finds its place after thousands of reads', async () => {
  const queue = makeQueue();
  for (let n = 0; n < 1_200; n += 1) queue.push(`gap${n}`);
  queue.push('a1');
  queue.push('b1');
  for (let n = 0; n < 1_100; n += 1) await queue.next();
  expect(queue.push('a2')).toBe('conflated');
  expect(queue.length).toBe(102);
  const rest: (string | undefined)[] = [];
  while (queue.length > 0) rest.push((await queue.next()).value);
  expect(rest.slice(-2)).toEqual(['a2', 'b1']);
});
