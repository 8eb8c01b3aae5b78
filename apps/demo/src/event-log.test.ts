import { expect, test } from 'vitest';
import { EventLog } from './event-log.ts';

function logAt() {
  const time = { ms: 1_000 };
  const log = new EventLog({ now: () => 0, monotonic: () => time.ms });
  return { time, log };
}

test('one trouble of many pairs is one line', () => {
  const { time, log } = logAt();
  time.ms += 500;
  for (const pair of ['A-B', 'C-D', 'E-F']) log.note('bad', 'book stale: connection lost', pair);
  log.note('good', 'connection live again');
  log.note('note', 'book resyncing: expected 5, got 7', 'A-B');
  expect(log.all()).toEqual([
    { elapsedMs: 500, severity: 'bad', text: '3 pairs: book stale: connection lost' },
    { elapsedMs: 500, severity: 'good', text: 'connection live again' },
    { elapsedMs: 500, severity: 'note', text: 'A-B: book resyncing: expected 5, got 7' },
  ]);
});

test('the same trouble later is a line of its own', () => {
  const { time, log } = logAt();
  log.note('bad', 'x', 'A-B');
  time.ms += 300;
  log.note('bad', 'x', 'A-B');
  expect(log.all()).toHaveLength(2);
});

test('an event is taken once, and not while others may join it', () => {
  const { time, log } = logAt();
  log.note('bad', 'x', 'A-B');
  expect(log.take()).toEqual([]);
  time.ms += 251;
  log.note('bad', 'y');
  expect(log.take().map((event) => event.text)).toEqual(['A-B: x']);
  expect(log.take(true).map((event) => event.text)).toEqual(['y']);
  log.note('bad', 'y');
  expect(log.take(true).map((event) => event.text)).toEqual(['y']);
  expect(log.take(true)).toEqual([]);
});

test('a run of days keeps the newest', () => {
  const { time, log } = logAt();
  for (let index = 0; index < 1_000; index += 1) {
    time.ms += 1_000;
    log.note('note', `event ${index}`);
    if (index < 990) log.take(true);
  }
  expect(log.all().length).toBeLessThanOrEqual(200);
  expect(log.take(true).map((event) => event.text)).toEqual(
    Array.from({ length: 10 }, (_, index) => `event ${990 + index}`),
  );
});

test('a line never joins one that stands before its cause', () => {
  const { time, log } = logAt();
  log.note('good', 'book live again', 'A-B');
  log.note('note', 'book resyncing', 'C-D');
  time.ms += 10;
  log.note('good', 'book live again', 'C-D');
  expect(log.all().map(({ text }) => text)).toEqual([
    'A-B: book live again',
    'C-D: book resyncing',
    'C-D: book live again',
  ]);
});
