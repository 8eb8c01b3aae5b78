import { afterAll, afterEach, beforeEach } from 'vitest';
import { type WatchedConsole, type WatchedStream, watchOutput } from './output-watch.ts';

const streams = { stdout: process.stdout, stderr: process.stderr } as unknown as Record<
  string,
  WatchedStream
>;
const watch = watchOutput(streams, console as unknown as WatchedConsole);

function expectSilence(when: string): void {
  const leaks = watch.takeLeaks();
  if (leaks.length === 0) return;
  throw new Error(`expected no credentials in the output ${when}, got ${leaks.join('; ')}`);
}

beforeEach(() => expectSilence('before this test'));
afterEach(() => expectSilence('of this test'));
afterAll(() => expectSilence('after the tests'));
