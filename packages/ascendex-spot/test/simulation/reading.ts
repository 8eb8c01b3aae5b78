import type { Feed } from '@venuekit/connector-core';
import type { CallWatch } from './call-watch.ts';
import type { AnyEvent, FeedRules } from './feed-rules.ts';
import type { Judge } from './judge.ts';

/** What reading takes. */
export interface ReadingOptions {
  readonly feed: Feed<AnyEvent>;
  readonly feedName: string;
  /** How the reader reads: `fast`, `slow`, `leaving` early, or `until` a signal. */
  readonly manner: string;
  readonly rules: FeedRules;
  readonly calls: CallWatch;
  readonly judge: Judge;
  readonly isClosing: () => boolean;
}

const slowMs = 700;
/** Less than closing may take. */
const pauseMs = 2_000;
const untilMs = 8_000;
/** A slow reader of a flow reads some events, and then none for long. */
const [flowRead, flowPauses] = [30, 45];

/** Reads a feed to its end, or as long as such a reader does. */
export async function readFeed(options: ReadingOptions): Promise<void> {
  const { calls, feed, feedName, isClosing, judge, manner, rules } = options;
  const ending = new AbortController();
  if (manner === 'until') void judge.sleep(untilMs).then(() => ending.abort());
  const terms = manner === 'until' ? { signal: ending.signal } : {};
  await calls.later(`read ${feedName}`, terms, async () => {
    let read = 0;
    let gapReadAtMs: number | undefined;
    for await (const event of manner === 'until' ? feed.until(ending.signal) : feed) {
      if (gapReadAtMs !== undefined && gapReadAtMs !== judge.now())
        judge.violate('I14', `${feedName}: expected what follows a gap at once, got ${event.kind} later`);
      rules.take(event, 'read');
      read += 1;
      if (manner === 'leaving' && read === 5) break;
      if (manner === 'slow') await pause(feedName, read, options);
      // What it has not read would still come after the end, one by one.
      if (manner === 'slow' && isClosing()) break;
      gapReadAtMs = event.kind === 'gap' && feedName === 'book' ? judge.now() : undefined;
    }
  });
}

async function pause(feedName: string, read: number, { isClosing, judge }: ReadingOptions): Promise<void> {
  if (feedName !== 'trades') await judge.sleep(slowMs);
  else if (read % flowRead !== 1) return;
  else for (let pausing = 0; pausing < flowPauses && !isClosing(); pausing += 1) await judge.sleep(pauseMs);
}
