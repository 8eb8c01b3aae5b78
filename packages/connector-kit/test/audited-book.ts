import type { DepthUpdate } from '@venuekit/connector-core';
import { createBookKeeper } from '../src/book/book-keeper.ts';
import type { BookKeeper, BookKeeperOptions } from '../src/book/book-keeper-options.ts';
import { createManualRuntime, type ManualRuntime } from '../src/testing/manual-runtime.ts';
import { snapshotAt } from './depth-messages.ts';

/** A book, and what it did. */
export interface AuditedBook {
  readonly runtime: ManualRuntime;
  readonly keeper: BookKeeper;
  /** When snapshots were asked for, on the clock that only goes forward. */
  readonly asked: number[];
  readonly outcomes: string[];
  readonly hopeless: string[];
  snapshot(update: DepthUpdate): void;
  change(update: DepthUpdate): void;
  /** Passes time until the next request, and says how much. */
  untilAsked(stepMs?: number): Promise<number>;
}

/** A book that joined at 10, with what it asked for and what became of its audits. */
export function auditedBook(
  options: Partial<BookKeeperOptions> & { readonly startMs?: number } = {},
): AuditedBook {
  const { startMs, ...own } = options;
  const runtime = createManualRuntime(startMs === undefined ? {} : { startMs });
  const asked: number[] = [];
  const outcomes: string[] = [];
  const hopeless: string[] = [];
  const count = (name: string, _value?: number, labels: Readonly<Record<string, string>> = {}) =>
    void (name === 'book_audits' && outcomes.push(labels.outcome ?? ''));
  const keeper = createBookKeeper({
    runtime: { ...runtime, meter: { count, record() {} } },
    ...{ venue: 'v', pair: 'A-B' },
    onUnavailable() {},
    onHopeless: (reason) => hopeless.push(reason),
    ...own,
    requestSnapshot: (taker) => {
      asked.push(runtime.clock.monotonic());
      return own.requestSnapshot?.(taker) ?? true;
    },
  });
  const snapshot = (update: DepthUpdate) => keeper.snapshot(update, runtime.clock.now());
  const change = (update: DepthUpdate) => keeper.change(update, runtime.clock.now());
  keeper.confirmed();
  snapshot(snapshotAt(10n));
  asked.length = 0;
  const untilAsked = async (stepMs = 5) => {
    const [before, from] = [asked.length, runtime.clock.monotonic()];
    while (asked.length === before) await runtime.advance(stepMs);
    return runtime.clock.monotonic() - from;
  };
  return { runtime, keeper, asked, outcomes, hopeless, snapshot, change, untilAsked };
}
