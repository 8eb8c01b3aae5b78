import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HeapTimer, TimerHeap } from './timer-heap.ts';

interface Labelled extends HeapTimer {
  readonly id: number;
}

const few = fc.nat(3);
const due = fc.oneof(few, fc.nat(40));
const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ dueUs: due, rank: few, plannedUs: few, tie: few }) },
  { weight: 1, arbitrary: fc.record({ remove: fc.nat(50) }) },
);

test('gives timers by due time, rank, planned time, tie and creation, whatever was taken out before', () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 20, maxLength: 80, size: 'max' }), (actions) => {
      const heap = new TimerHeap<Labelled>();
      const model: Labelled[] = [];
      for (const [id, each] of actions.entries()) {
        if ('remove' in each) {
          const [gone] = model.splice(each.remove % Math.max(model.length, 1), 1);
          if (gone !== undefined) heap.remove(gone);
          if (gone !== undefined) heap.remove(gone);
          continue;
        }
        const timer = { ...each, id, order: id, place: -1, tie: () => each.tie };
        model.push(timer);
        heap.add(timer);
      }
      const keys = (timer: Labelled) => [timer.dueUs, timer.rank, timer.plannedUs, timer.tie(), timer.order];
      const text = (timer: Labelled) =>
        keys(timer)
          .map((key) => String(key).padStart(3, '0'))
          .join();
      const wanted = model.toSorted((a, b) => (text(a) < text(b) ? -1 : 1)).map(({ id }) => id);
      expect(heap.sorted().map(({ id }) => id)).toEqual(wanted);
      const taken: number[] = [];
      for (let first = heap.first; first !== undefined; first = heap.first) {
        taken.push(first.id);
        heap.remove(first);
      }
      expect(taken).toEqual(wanted);
    }),
    { numRuns: 300 },
  );
});
