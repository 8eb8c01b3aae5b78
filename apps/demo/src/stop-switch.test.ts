import { expect, test } from 'vitest';
import { StopSwitch } from './stop-switch.ts';

test('the first wish counts, and is told to who comes later', async () => {
  const stop = new StopSwitch();
  const early = stop.whenStopped();
  expect(stop.signal.aborted).toBe(false);
  stop.stop('parent-gone');
  stop.stop('interrupted');
  expect(stop.signal.aborted).toBe(true);
  expect(await early).toBe('parent-gone');
  expect(await stop.whenStopped()).toBe('parent-gone');
});
