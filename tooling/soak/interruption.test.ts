import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { listenForSignals } from './interruption.ts';

test('lets things come to their end at the first signal, and ends all workers before itself at the second', () => {
  const process = new EventEmitter();
  const seen: unknown[] = [];
  const tell = (text: string): unknown => seen.push(text.trim());
  const exit = (code: number): unknown => seen.push([code, signal.aborted]);
  const { interrupted, signal } = listenForSignals({ process, tell, exit });
  expect(interrupted()).toBe(false);
  process.emit('SIGTERM');
  expect([interrupted(), signal.aborted]).toEqual([true, false]);
  expect(seen).toEqual(['soak: stops after the seeds that are under way']);
  process.emit('SIGINT');
  expect(seen.slice(1)).toEqual([[130, true]]);
});
