import { VenueError } from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFeed, type FeedSource } from './feed.ts';

test('a feed that its listener ends inside the opening tells the end once, and keeps nobody', () => {
  const error = new VenueError({ code: 'closed', message: 'closed' });
  const story: unknown[] = [];
  let announced = 0;
  const source: FeedSource<number> = createFeed<number>({
    name: 'test',
    opening: () => [1, 2],
    onFirstConsumer: () => {
      announced += 1;
    },
  });
  const listener = (n: number) => {
    story.push(n);
    source.emit(10 + n);
    source.end(error);
  };
  source.feed.subscribe(listener, { onEnd: (reason) => story.push(reason) });
  expect(story).toEqual([1, 2, 11, error]);
  expect(source.hasConsumers).toBe(false);
  expect(announced).toBe(0);
});

test('an end that the first consumer causes reaches it', async () => {
  const error = new VenueError({ code: 'market-unavailable', message: 'refused' });
  const source: FeedSource<number> = createFeed<number>({
    name: 'test',
    opening: () => [1],
    onFirstConsumer: () => source.end(error),
  });
  const iterator = source.feed[Symbol.asyncIterator]();
  expect(await iterator.next()).toEqual({ done: false, value: 1 });
  await expect(iterator.next()).rejects.toBe(error);
  expect(source.hasConsumers).toBe(false);
});

test('a reader that leaves while an opening is given out gets nothing, and nobody keeps it', async () => {
  const source = createFeed<number>({ name: 'test', opening: () => [1] });
  const iterator = source.feed[Symbol.asyncIterator]();
  const subscription = source.feed.subscribe(() => void iterator.return?.());
  source.emit(2);
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
  subscription[Symbol.dispose]();
  expect(source.hasConsumers).toBe(false);
});

test('a reader whose opening is longer than its bound is ended, and nobody keeps it', async () => {
  const source = createFeed<number>({ name: 'test', bound: 1, opening: () => [1, 2, 3] });
  const iterator = source.feed[Symbol.asyncIterator]();
  expect(source.feed.stats).toMatchObject({ slowConsumers: 1, consumers: 0 });
  expect((await iterator.next()).value).toBe(1);
  await expect(iterator.next()).rejects.toMatchObject({ code: 'slow-consumer' });
});

test('the first consumer is announced again after all have gone', () => {
  let announced = 0;
  const source = createFeed<number>({
    name: 'test',
    onFirstConsumer: () => {
      announced += 1;
    },
  });
  const first = source.feed.subscribe(() => {});
  const second = source.feed.subscribe(() => {});
  first[Symbol.dispose]();
  expect(announced).toBe(1);
  second[Symbol.dispose]();
  source.feed.subscribe(() => {});
  expect(announced).toBe(2);
});

test('a consumer that comes during an event gets its opening, and only later events', () => {
  const source = createFeed<number>({ name: 'test', opening: () => [0] });
  const late: number[] = [];
  let came = false;
  source.feed.subscribe((n) => {
    if (n !== 1 || came) return;
    came = true;
    source.feed.subscribe((m) => late.push(m));
  });
  source.emit(1);
  source.emit(2);
  expect(late).toEqual([0, 2]);
});

test('a consumer that comes after an event was emitted, but before it is heard, does not get it either', () => {
  let state = 0;
  const source = createFeed<number>({ name: 'test', opening: () => [state] });
  const late: number[] = [];
  source.feed.subscribe((n) => {
    if (n !== 1) return;
    state = 2;
    source.emit(2);
    source.feed.subscribe((m) => late.push(m));
  });
  source.emit(1);
  source.emit(3);
  expect(late).toEqual([2, 3]);
});

test('a consumer that is removed during an event gets nothing more, not even the end', () => {
  const story: string[] = [];
  const source = createFeed<number>({ name: 'test' });
  source.feed.subscribe((n) => {
    story.push(`first ${n}`);
    second[Symbol.dispose]();
    source.end();
  });
  const second = source.feed.subscribe(() => story.push('second'), { onEnd: () => story.push('end') });
  source.emit(1);
  expect(story).toEqual(['first 1']);
});

test('a consumer that is removed while others hear the end is not told', () => {
  const story: string[] = [];
  const source = createFeed<number>({ name: 'test' });
  source.feed.subscribe(() => {}, { onEnd: () => second[Symbol.dispose]() });
  const second = source.feed.subscribe(() => {}, { onEnd: () => story.push('end') });
  source.end();
  expect(story).toEqual([]);
});

test('what a listener emits is heard by all after the event under way, and the end after that', () => {
  const story: string[] = [];
  const source = createFeed<number>({ name: 'test' });
  const onEnd = () => story.push('end');
  source.feed.subscribe((n) => {
    story.push(`first ${n}`);
    if (n > 2) return;
    source.emit(n + 2);
    if (n === 2) source.end();
    source.emit(9);
  });
  source.feed.subscribe((n) => story.push(`second ${n}`), { onEnd });
  source.emit(2);
  expect(story).toEqual(['first 2', 'second 2', 'first 4', 'second 4', 'end']);
});

test('an opening or an announcement that throws leaves nobody behind, and a feed that works', () => {
  let failing: string | undefined = 'opening';
  const failAs = (name: string) => {
    if (failing === name) throw new Error(name);
  };
  const source = createFeed<number>({
    name: 'test',
    opening: () => {
      failAs('opening');
      return [0];
    },
    onFirstConsumer: () => failAs('first consumer'),
  });
  const seen: number[] = [];
  expect(() => source.feed.subscribe(() => {})).toThrow('opening');
  failing = 'first consumer';
  expect(() => source.feed.subscribe(() => {})).toThrow('first consumer');
  expect(source.hasConsumers).toBe(false);
  failing = undefined;
  source.feed.subscribe((n) => seen.push(n));
  source.emit(1);
  expect(seen).toEqual([0, 1]);
});

interface Hearer {
  readonly heard: number[];
  subscription?: Disposable;
  left: boolean;
}

test('whatever listeners do to the feed: each hears a run of the events without hole, repetition or disorder', () => {
  const acts = fc.array(fc.constantFrom('emit', 'join', 'leave', 'nothing' as const), { maxLength: 40 });
  fc.assert(
    fc.property(acts, fc.nat(3), (plan, actsOfListener) => {
      let newest = 0;
      const source = createFeed<number>({ name: 'test', opening: () => [newest] });
      const hearers: Hearer[] = [];
      const rest = plan.slice();
      const join = () => {
        const hearer: Hearer = { heard: [], left: false };
        hearers.push(hearer);
        hearer.subscription = source.feed.subscribe((n) => {
          expect(hearer.left).toBe(false);
          hearer.heard.push(n);
          for (let count = 0; count < actsOfListener; count += 1) act();
        });
      };
      const leave = () => {
        const hearer = hearers.find(({ left, subscription }) => !left && subscription !== undefined);
        if (hearer === undefined) return;
        hearer.left = true;
        hearer.subscription?.[Symbol.dispose]();
      };
      const act = () => {
        const kind = rest.shift();
        if (kind === 'join') join();
        else if (kind === 'leave') leave();
        else if (kind === 'emit') {
          newest += 1;
          source.emit(newest);
        }
      };
      join();
      while (rest.length > 0) act();
      for (const { heard } of hearers)
        expect(heard).toEqual(heard.map((_, place) => (heard[0] ?? 0) + place));
      const there = hearers.filter(({ left }) => !left);
      for (const { heard } of there) expect(heard.at(-1)).toBe(newest);
      expect(source.feed.stats).toMatchObject({ listenerErrors: 0, consumers: there.length });
    }),
  );
});
