import { queryObjects } from 'node:v8';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PipeItem, PipeQueue } from './pipe-queue.ts';

class Item implements PipeItem {
  readonly bytes: number;
  readonly dueUs: number;

  constructor(bytes: number, dueUs = 0) {
    this.bytes = bytes;
    this.dueUs = dueUs;
  }

  arrive(): void {}
}

const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ add: fc.nat(3), dueUs: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ take: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ drop: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.constant({ clear: true }) },
);

/** How many at the front of a list are so. */
function leading<T>(list: readonly T[], isSo: (element: T) => boolean): number {
  const end = list.findIndex((element) => !isSo(element));
  return end < 0 ? list.length : end;
}

/** How many whole items at the front come to no more than `bytes`. */
function fitting(items: readonly Item[], bytes: number): number {
  const sums = items.map((_, index) => items.slice(0, index + 1).reduce((sum, item) => sum + item.bytes, 0));
  return leading(sums, (sum) => sum <= bytes);
}

test('is a list from which the front and the back are taken, whatever was let go of before', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0, 1_020, 1_030, 2_100),
      fc.array(action, { maxLength: 60, size: 'max' }),
      (gone, actions) => {
        const queue = new PipeQueue();
        for (let added = 0; added < gone; added += 1) queue.add(new Item(1));
        for (let taken = 0; taken < gone; taken += 1) queue.take();
        let model: Item[] = [];
        for (const each of actions) {
          if ('add' in each) {
            const item = new Item(each.add, each.dueUs);
            model.push(item);
            queue.add(item);
          } else if ('take' in each) {
            for (let taken = 0; taken < each.take; taken += 1) expect(queue.take()).toBe(model.shift());
          } else if ('drop' in each) {
            const count = Math.min(each.drop, model.length);
            model = model.slice(0, model.length - count);
            queue.drop(count);
          } else {
            model = [];
            queue.clear();
          }
          expect(queue.first).toBe(model[0]);
          expect(queue.bytes).toBe(model.reduce((sum, { bytes }) => sum + bytes, 0));
          for (const nowUs of [0, 2, 5]) {
            expect(queue.due(nowUs)).toBe(leading(model, ({ dueUs }) => dueUs <= nowUs));
            const [, second] = model;
            expect(queue.hasRun(nowUs)).toBe(second !== undefined && second.dueUs <= nowUs);
          }
          for (const bytes of [0, 3, 7])
            expect(queue.beyond(bytes)).toBe(model.length - fitting(model, bytes));
        }
      },
    ),
  );
});

test('gives much in order, and letting go of what was given is part of it', () => {
  const queue = new PipeQueue();
  const count = 5_000;
  for (let added = 0; added < count; added += 1) queue.add(new Item(0, added));
  for (let taken = 0; taken < count - 10; taken += 1) expect(queue.take()?.dueUs).toBe(taken);
  // Counted after a full garbage collection.
  expect(queryObjects(Item)).toBeLessThan(count / 2);
  expect(queue.first?.dueUs).toBe(count - 10);
});

// A cost that grows with what waits takes a thousand times as long.
test('takes from the front at one cost, however much waits', { timeout: 5_000 }, () => {
  const queue = new PipeQueue();
  const count = 100_000;
  const item = new Item(1);
  for (let added = 0; added < count; added += 1) queue.add(item);
  for (let taken = 0; taken < count; taken += 1) queue.take();
  expect([queue.first, queue.bytes]).toEqual([undefined, 0]);
});
