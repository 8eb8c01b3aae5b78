import { VenueError } from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFeed } from './feed.ts';

type E = { readonly kind: 'state'; readonly n: number } | { readonly kind: 'gap'; readonly n: number };

const conflating = { name: 'test', conflateBy: (event: E) => (event.kind === 'state' ? 'state' : undefined) };

async function readAll<T>(feed: AsyncIterable<T>): Promise<T[]> {
  const events: T[] = [];
  for await (const event of feed) events.push(event);
  return events;
}

test('a listener hears every event in order, and one that throws harms nobody', () => {
  const seen: number[] = [];
  const errors: unknown[] = [];
  const source = createFeed<number>({ name: 'test', onListenerError: (error) => errors.push(error) });
  source.feed.subscribe(() => {
    throw new Error('listener');
  });
  const subscription = source.feed.subscribe((n) => seen.push(n));
  source.emit(1);
  source.emit(2);
  subscription[Symbol.dispose]();
  subscription[Symbol.dispose]();
  source.emit(3);
  expect(seen).toEqual([1, 2]);
  expect(errors).toHaveLength(3);
  expect(source.feed.stats).toMatchObject({ emitted: 3, consumers: 1, listenerErrors: 3 });
});

test('a new consumer begins with the opening, then hears what follows', async () => {
  const source = createFeed<number>({ name: 'test', opening: () => [7] });
  const seen: number[] = [];
  source.feed.subscribe((n) => seen.push(n));
  source.emit(8);
  expect(seen).toEqual([7, 8]);
});

test('the first consumer is announced once, after its opening', () => {
  const order: string[] = [];
  const source = createFeed<number>({
    name: 'test',
    opening: () => [1],
    onFirstConsumer: () => order.push('first'),
  });
  source.feed.subscribe(() => order.push('event'));
  source.feed.subscribe(() => order.push('event'));
  expect(order).toEqual(['event', 'first', 'event']);
});

test('states conflate in a reader to the newest one; a gap is a fence', async () => {
  const source = createFeed<E>(conflating);
  const reading = readAll(source.feed);
  const iterator = source.feed[Symbol.asyncIterator]();
  for (const n of [1, 2, 3]) source.emit({ kind: 'state', n });
  source.emit({ kind: 'gap', n: 4 });
  for (const n of [5, 6]) source.emit({ kind: 'state', n });
  source.end();
  const taken = [await iterator.next(), await iterator.next(), await iterator.next(), await iterator.next()];
  expect(taken.map(({ value }) => value?.n)).toEqual([3, 4, 6, undefined]);
  expect((await reading).map(({ n }) => n)).toEqual([1, 3, 4, 6]);
});

test('whatever the order of events and reads: the last state always arrives, order is kept, gaps are never lost', async () => {
  const steps = fc.array(fc.constantFrom('state', 'gap', 'read' as const), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const source = createFeed<E>(conflating);
      const iterator = source.feed[Symbol.asyncIterator]();
      const sent: E[] = [];
      const got: E[] = [];
      for (const [n, step] of plan.entries()) {
        if (step === 'read') {
          if (got.length < sent.length && unread(sent, got)) got.push((await iterator.next()).value as E);
        } else {
          sent.push({ kind: step, n } as E);
          source.emit(sent.at(-1) as E);
        }
      }
      source.end();
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) got.push(next.value);
      expect(got.map(({ n }) => n)).toEqual([...got.map(({ n }) => n)].sort((a, b) => a - b));
      expect(got.filter(({ kind }) => kind === 'gap')).toEqual(sent.filter(({ kind }) => kind === 'gap'));
      expect(got.at(-1)).toEqual(sent.at(-1));
    }),
  );
});

/** True if a read would not have to wait: the newest event has not been read. */
function unread(sent: readonly E[], got: readonly E[]): boolean {
  return got.at(-1)?.n !== sent.at(-1)?.n;
}

test('a reader that leaves more than the bound unread is ended, after what it was given, with slow-consumer', async () => {
  const source = createFeed<number>({ name: 'BTC-USDT trades', venue: 'v', bound: 3 });
  const iterator = source.feed[Symbol.asyncIterator]();
  for (let n = 1; n <= 5; n += 1) source.emit(n);
  const got = [await iterator.next(), await iterator.next(), await iterator.next()].map(({ value }) => value);
  expect(got).toEqual([1, 2, 3]);
  await expect(iterator.next()).rejects.toMatchObject({ code: 'slow-consumer' });
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
  expect(source.feed.stats).toMatchObject({ slowConsumers: 1, consumers: 0 });
});

test('leaving the loop ends the queue', async () => {
  const source = createFeed<number>({ name: 'test', opening: () => [1] });
  for await (const n of source.feed) if (n === 1) break;
  expect(source.hasConsumers).toBe(false);
});

test('an end with an error reaches listeners, waiting readers and those who come later', async () => {
  const error = new VenueError({ code: 'market-unavailable', message: 'refused' });
  const source = createFeed<number>({ name: 'test' });
  const ends: unknown[] = [];
  source.feed.subscribe(() => {}, { onEnd: (reason) => ends.push(reason) });
  const waiting = source.feed[Symbol.asyncIterator]().next();
  source.end(error);
  source.end();
  source.emit(1);
  await expect(waiting).rejects.toBe(error);
  source.feed.subscribe(() => {}, { onEnd: (reason) => ends.push(reason) });
  expect(ends).toEqual([error, error]);
  await expect(source.feed[Symbol.asyncIterator]().next()).rejects.toBe(error);
});

test('an ended feed has no consumers', () => {
  const source = createFeed<number>({ name: 'test' });
  source.feed.subscribe(() => {});
  source.end();
  expect(source.hasConsumers).toBe(false);
  expect(source.feed.stats.consumers).toBe(0);
});

test('a reader that was left gives nothing more, and ends who still waits', async () => {
  const source = createFeed<number>({ name: 'test' });
  const iterator = source.feed[Symbol.asyncIterator]();
  source.emit(1);
  source.emit(2);
  await iterator.next();
  await iterator.return?.();
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
  const other = source.feed[Symbol.asyncIterator]();
  const waiting = other.next();
  await other.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test('a report of a failed listener that fails itself, and an onEnd that throws, harm nobody', () => {
  const story: string[] = [];
  const onListenerError = () => {
    throw new Error('log');
  };
  const source = createFeed<number>({ name: 'test', onListenerError });
  const fail = () => {
    throw new Error('listener');
  };
  source.feed.subscribe(fail, { onEnd: fail });
  source.feed.subscribe((n) => story.push(`got ${n}`), { onEnd: () => story.push('end') });
  source.emit(1);
  source.emit(2);
  source.end();
  expect(story).toEqual(['got 1', 'got 2', 'end']);
  expect(source.feed.stats).toMatchObject({ listenerErrors: 3, consumers: 0 });
});
