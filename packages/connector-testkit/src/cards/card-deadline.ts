import { AssertionError } from 'node:assert/strict';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';

/**
 * Waits for a card, but not for ever: one whose promise nothing settles, or whose timers keep virtual time from going on, fails.
 * @param limitMs real time, in milliseconds.
 */
export async function withinRealTime(card: Promise<void>, limitMs: number = 20_000): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const message = `expected the card to end within ${limitMs} ms of real time, got one that hangs`;
  const tooLong = () => reject(new AssertionError({ message }));
  const deadline = createSystemRuntime().timers.setTimer(limitMs, tooLong, 'card-deadline');
  try {
    await Promise.race([card, late]);
  } finally {
    deadline[Symbol.dispose]();
  }
}
