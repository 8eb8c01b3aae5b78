import { expect, test } from 'vitest';
import { createTimerGroup } from './timer-group.ts';
import { createVirtualTime } from './virtual-time.ts';

test('closing cancels what is left and only that: nothing is kept of timers that have fired or were cancelled', () => {
  const time = createVirtualTime(0);
  const [fired, cancelled]: [string[], string[]] = [[], []];
  const group = createTimerGroup({
    setTimer(delayMs, fire, label) {
      const timer = time.timers.setTimer(delayMs, fire, label);
      return {
        [Symbol.dispose]: () => {
          cancelled.push(label);
          timer[Symbol.dispose]();
        },
      };
    },
  });
  const set = (label: string, delayMs: number): Disposable =>
    group.setTimer(delayMs, () => void fired.push(label), label);
  set('early', 1);
  set('late', 10);
  set('given up', 5)[Symbol.dispose]();
  time.runUntil(2);
  group.close();
  set('too late', 0);
  time.runUntil(20);
  expect([fired, cancelled]).toEqual([['early'], ['given up', 'late']]);
});
