import { getEventListeners } from 'node:events';
import { VenueError } from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFeed, type FeedSource } from './feed.ts';
import { createFeedScope } from './feed-scope.ts';

/** A feed of its own and the same through a scope: both read alike. */
function feedsOf(options: Partial<Parameters<typeof createFeed<number>>[0]> = {}) {
  const plain = createFeed<number>({ name: 'plain', ...options });
  const shared = createFeed<number>({ name: 'shared', ...options });
  const scope = createFeedScope(shared.feed);
  return [
    { source: plain, feed: plain.feed },
    { source: shared, feed: scope.feed },
  ];
}

function reading(feed: FeedSource<number>['feed'], signal: AbortSignal) {
  const seen: number[] = [];
  const read = async () => {
    for await (const n of feed.until(signal)) seen.push(n);
    return seen;
  };
  return { seen, ended: read() };
}

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

test('the loop ends in order when the signal is aborted, and nothing stays behind', async () => {
  for (const { source, feed } of feedsOf({ opening: () => [0] })) {
    const stop = new AbortController();
    const { seen, ended } = reading(feed, stop.signal);
    expect(listeners(stop.signal)).toBe(1);
    source.emit(1);
    while (seen.length < 2) await Promise.resolve();
    stop.abort();
    expect(await ended).toEqual([0, 1]);
    source.emit(2);
    expect(listeners(stop.signal)).toBe(0);
    expect(feed.stats.consumers).toBe(0);
    expect(seen).toEqual([0, 1]);
  }
});

test('a signal that was aborted before ends the loop at once, and the feed hears of no reader', async () => {
  let announced = 0;
  const announce = () => {
    announced += 1;
  };
  for (const { feed } of feedsOf({ onFirstConsumer: announce })) {
    const { ended } = reading(feed, AbortSignal.abort(new Error('early')));
    expect(await ended).toEqual([]);
    expect(feed.stats.consumers).toBe(0);
  }
  expect(announced).toBe(0);
});

test('what is unread when the signal is aborted is dropped, the event on its way included', async () => {
  for (const { source, feed } of feedsOf()) {
    const stop = new AbortController();
    const waiting = feed.until(stop.signal)[Symbol.asyncIterator]();
    const behind = feed.until(stop.signal)[Symbol.asyncIterator]();
    const next = waiting.next();
    source.emit(1);
    source.emit(2);
    stop.abort();
    const done = { done: true, value: undefined };
    expect([await next, await waiting.next(), await behind.next()]).toEqual([done, done, done]);
  }
});

test('leaving the loop, its end and its error leave nothing on the signal', async () => {
  for (const { source, feed } of feedsOf({ opening: () => [0] })) {
    const { signal } = new AbortController();
    for await (const _ of feed.until(signal)) break;
    expect(listeners(signal)).toBe(0);
    const failed = reading(feed, signal).ended;
    source.end(new VenueError({ code: 'slow-consumer', message: 'too slow' }));
    await expect(failed).rejects.toMatchObject({ code: 'slow-consumer' });
    expect(listeners(signal)).toBe(0);
  }
  for (const { source, feed } of feedsOf()) {
    const { signal } = new AbortController();
    const ended = reading(feed, signal).ended;
    source.end();
    expect(await ended).toEqual([]);
    expect(listeners(signal)).toBe(0);
  }
});

test('a first consumer whose coming aborts the signal reads nothing', async () => {
  const stop = new AbortController();
  const source = createFeed<number>({
    name: 'test',
    opening: () => [0],
    onFirstConsumer: () => stop.abort(),
  });
  expect(await reading(source.feed, stop.signal).ended).toEqual([]);
  expect(source.feed.stats.consumers).toBe(0);
  expect(listeners(stop.signal)).toBe(0);
});

test('each loop reads for itself, as often as it is begun', async () => {
  const source = createFeed<number>({ name: 'test', opening: () => [7] });
  const until = source.feed.until(new AbortController().signal);
  for (const _ of [1, 2]) {
    for await (const n of until) {
      expect(n).toBe(7);
      break;
    }
  }
  expect(source.feed.stats.consumers).toBe(0);
});

test('up to the abort it reads what a plain reader reads, whatever comes when', async () => {
  const steps = fc.array(fc.constantFrom('emit', 'read' as const), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const source = createFeed<number>({ name: 'test', opening: () => [-1], bound: 5 });
      const stop = new AbortController();
      const [plain, until] = [source.feed, source.feed.until(stop.signal)].map((feed) =>
        feed[Symbol.asyncIterator](),
      ) as [AsyncIterator<number>, AsyncIterator<number>];
      for (const [n, step] of plan.entries()) {
        if (step === 'emit') source.emit(n);
        else {
          const both = [plain.next(), until.next()];
          source.emit(n);
          expect((await Promise.allSettled(both))[1]).toEqual((await Promise.allSettled(both))[0]);
        }
      }
      stop.abort();
      expect((await until.next()).done).toBe(true);
      expect(listeners(stop.signal)).toBe(0);
    }),
    { numRuns: 200 },
  );
});
