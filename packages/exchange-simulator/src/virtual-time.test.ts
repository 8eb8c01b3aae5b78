import { expect, test } from 'vitest';
import { createVirtualTime } from './virtual-time.ts';

const startMs = 1_700_000_000_000;

test('what is due is fired in order, each at its own time, and nothing else', () => {
  const time = createVirtualTime(startMs);
  const fired: (readonly [name: string, atMs: number])[] = [];
  const set = (name: string, delayMs: number, then = (): void => {}): Disposable =>
    time.timers.setTimer(
      delayMs,
      () => {
        fired.push([name, time.clock.now() - startMs]);
        then();
      },
      name,
    );
  set('late', 20);
  set('first', 10, () => set('soon', 0));
  set('second', 10);
  set('past', -5);
  set('cancelled', 15)[Symbol.dispose]();
  set('later', 21);
  time.runUntil(startMs + 20);
  expect(fired).toEqual([
    ['past', 0],
    ['first', 10],
    ['second', 10],
    ['soon', 10],
    ['late', 20],
  ]);
  expect([time.clock.now(), time.clock.monotonic()]).toEqual([startMs + 20, 20]);
});

test('a timer that passes time by itself does not bring it back', () => {
  const time = createVirtualTime(startMs);
  const shown: number[] = [];
  time.timers.setTimer(1, () => time.runUntil(startMs + 100), 'one');
  time.timers.setTimer(2, () => shown.push(time.clock.monotonic()), 'other');
  time.runUntil(startMs + 50);
  expect(shown).toEqual([2]);
  expect(time.clock.monotonic()).toBe(100);
});

test('cancelling what has fired cancels nothing else', () => {
  const time = createVirtualTime(startMs);
  const fired: string[] = [];
  const first = time.timers.setTimer(1, () => fired.push('first'), 'first');
  time.timers.setTimer(2, () => fired.push('second'), 'second');
  time.runUntil(startMs + 1);
  first[Symbol.dispose]();
  time.runUntil(startMs + 2);
  expect(fired).toEqual(['first', 'second']);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, startMs - 1])('time does not pass up to %d', (atMs) => {
  const time = createVirtualTime(startMs);
  expect(() => time.runUntil(atMs)).toThrowError(
    expect.objectContaining({
      code: 'invalid-options',
      message: expect.stringMatching(
        new RegExp(`expected atMs to be a number from ${startMs} up.*got ${atMs}`),
      ),
    }),
  );
  expect(time.clock.now()).toBe(startMs);
});

test('time does not begin at no time', () => {
  expect(() => createVirtualTime(Number.NaN)).toThrowError(
    expect.objectContaining({
      code: 'invalid-options',
      message: expect.stringContaining('expected startMs to be a number, in milliseconds, got NaN'),
    }),
  );
});
