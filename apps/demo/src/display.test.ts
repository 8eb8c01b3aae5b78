import { expect, test } from 'vitest';
import { exampleRow, exampleView } from '../test/example-rows.ts';
import type { ConsoleOutput } from './console-output.ts';
import { startLiveTable, startProgress } from './display.ts';
import { EventLog } from './event-log.ts';
import { createPalette } from './terminal/palette.ts';

/** A console and a clock that the test moves. */
function setUp() {
  const written: string[] = [];
  const remarks: string[] = [];
  const palette = createPalette({ isTerminal: false, platform: 'linux', environment: {} });
  const output: ConsoleOutput = {
    results: { write: (text) => void written.push(text), size: () => ({ columns: 80, rows: 24 }) },
    remark: (line) => void remarks.push(line),
    isTerminal: true,
    palette,
    remarkPalette: palette,
  };
  let nowMs = 0;
  let armed: { atMs: number; fire: () => void } | undefined;
  const timers = {
    setTimer: (delayMs: number, fire: () => void) => {
      const mine = { atMs: nowMs + delayMs, fire };
      armed = mine;
      const cancel = (): void => {
        if (armed === mine) armed = undefined;
      };
      return { [Symbol.dispose]: cancel };
    },
  };
  const advance = (byMs: number): void => {
    const untilMs = nowMs + byMs;
    while (armed !== undefined && armed.atMs <= untilMs) {
      const { atMs, fire } = armed;
      armed = undefined;
      nowMs = atMs;
      fire();
    }
    nowMs = untilMs;
  };
  const log = new EventLog({ now: () => nowMs, monotonic: () => nowMs });
  const view = () => exampleView([exampleRow('A-B', '1', '2')], { elapsedMs: nowMs, events: log.all() });
  return { written, remarks, output, timers, advance, log, view, idle: () => armed === undefined };
}

test('the live table is drawn five times a second and leaves nothing behind', () => {
  const { written, output, timers, advance, view, idle } = setUp();
  const listeners = process.listenerCount('exit');
  const display = startLiveTable(view, output, timers);
  expect(written).toHaveLength(1);
  advance(1_000);
  expect(written).toHaveLength(6);
  expect(written.at(-1)).toContain('0:01.0');
  display.close();
  display.close();
  expect(written.at(-1)?.endsWith('\u001b[?25h')).toBe(true);
  expect(written).toHaveLength(7);
  expect(idle()).toBe(true);
  expect(process.listenerCount('exit')).toBe(listeners);
});

test('progress is a header, a line every two seconds, and a line for each event', () => {
  const { remarks, written, output, timers, advance, log, view, idle } = setUp();
  const display = startProgress(view, log, output, timers);
  expect(remarks).toEqual(['ascendex, replay of spot-ws-2021-04-17.txt, speed 1']);
  log.note('bad', 'connection down: closed');
  advance(4_000);
  expect(remarks.slice(1)).toEqual([
    '0:00.0  connection down: closed',
    '0:02.0  live, 1 of 1 books live, 123 updates, 0 trades, 0 gaps, 0 resyncs',
    '0:04.0  live, 1 of 1 books live, 123 updates, 0 trades, 0 gaps, 0 resyncs',
  ]);
  log.note('good', 'connection live again');
  display.close();
  expect(remarks.at(-1)).toBe('0:04.0  connection live again');
  expect(written).toEqual([]);
  expect(idle()).toBe(true);
});
