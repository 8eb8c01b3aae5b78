import { expect, test } from 'vitest';
import { snapshotAt } from '../../test/depth-messages.ts';
import { createManualRuntime } from '../testing/manual-runtime.ts';
import { createBookKeeper } from './book-keeper.ts';

test('only a live book answers queries', () => {
  const runtime = createManualRuntime();
  const keeper = createBookKeeper({
    ...{ runtime, venue: 'v', pair: 'A-B', requestSnapshot: () => true },
    ...{ onUnavailable() {}, onHopeless() {} },
  });
  const ask = () => keeper.book.priceForVolume('buy', '1').price?.toString();
  const stale = expect.objectContaining({ code: 'stale', operation: 'query' });
  expect(ask).toThrow(stale);
  keeper.confirmed();
  keeper.snapshot(snapshotAt(10n), runtime.clock.now());
  expect(ask()).toBe('11');
  keeper.lost('cut', runtime.clock.now());
  expect(ask).toThrow(stale);
});
