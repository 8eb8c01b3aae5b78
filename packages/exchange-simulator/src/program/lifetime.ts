import { fstatSync } from 'node:fs';
import type { Timers } from '@venuekit/connector-core';
import { currentProcess, watchParents } from '@venuekit/tooling-launcher';

/**
 * Calls `end` once, with the reason: on a signal, when whoever started this has closed its end of stdin, or when the process that started
 * it is gone, an npx or pnpm further up included. Resolves when nothing of this can go unnoticed any more.
 */
export function endWithParent(timers: Timers, end: (reason: string) => void): Promise<void> {
  let isOver = false;
  const endOnce = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    end(reason);
  };
  process.on('SIGINT', () => endOnce('SIGINT'));
  process.on('SIGTERM', () => endOnce('SIGTERM'));
  if (isPipe(process.stdin.fd)) watchInput(endOnce);
  // What runs in a terminal is ended by its signals, and may outlive a shell on purpose.
  const anyParent = !process.stdin.isTTY;
  const gone = (): void => endOnce('what started it is gone');
  return watchParents(currentProcess(), timers, gone, { anyParent }).watching;
}

function watchInput(end: (reason: string) => void): void {
  process.stdin.on('end', () => end('stdin has ended'));
  process.stdin.on('error', () => end('stdin is gone'));
  process.stdin.resume();
}

/** A parent hands down a pipe, or a socket in its place; a terminal or a file says nothing about it. */
function isPipe(descriptor: number): boolean {
  try {
    const status = fstatSync(descriptor);
    return status.isFIFO() || status.isSocket();
  } catch {
    return false;
  }
}
