import { VenueError } from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFeed, type FeedSource } from './feed.ts';
import { createFeedScope, type FeedScope, type FeedScopeOptions } from './feed-scope.ts';

const done = { done: true, value: undefined };
const refused = new VenueError({ code: 'market-unavailable', message: 'refused' });

function setUp(options: FeedScopeOptions = {}) {
  const source = createFeed<number>({ name: 'test', opening: () => [0] });
  return { source, scope: createFeedScope(source.feed, options), other: createFeedScope(source.feed) };
}

/** Listens and writes down what it hears. */
function listen({ feed }: Pick<FeedScope<number>, 'feed'>): { story: unknown[]; subscription: Disposable } {
  const story: unknown[] = [];
  const subscription = feed.subscribe((n) => story.push(n), { onEnd: (error) => story.push(error ?? 'end') });
  return { story, subscription };
}

test('the end of a scope ends its listeners and nobody else', () => {
  const { source, scope, other } = setUp();
  const [mine, theirs, plain] = [listen(scope), listen(other), listen(source)];
  source.emit(1);
  scope.end();
  scope.end(refused);
  source.emit(2);
  expect(mine.story).toEqual([0, 1, 'end']);
  expect(theirs.story).toEqual([0, 1, 2]);
  expect(plain.story).toEqual([0, 1, 2]);
  expect(scope.feed.stats).toEqual(source.feed.stats);
  expect(scope.feed.stats.consumers).toBe(2);
});

test('the end of a scope ends its readers, waiting or not, and drops what is unread', async () => {
  const { source, scope, other } = setUp();
  const waiting = scope.feed[Symbol.asyncIterator]();
  const behind = scope.feed[Symbol.asyncIterator]();
  const theirs = other.feed[Symbol.asyncIterator]();
  expect((await waiting.next()).value).toBe(0);
  const pending = [waiting.next(), waiting.next()];
  scope.end();
  expect(await Promise.all(pending)).toEqual([done, done]);
  expect([await waiting.next(), await behind.next()]).toEqual([done, done]);
  source.emit(1);
  expect([(await theirs.next()).value, (await theirs.next()).value]).toEqual([0, 1]);
  expect(source.feed.stats.consumers).toBe(1);
});

test('an event that came before the end is not taken from a reader that waited for it', async () => {
  const { source, scope } = setUp();
  const reader = scope.feed[Symbol.asyncIterator]();
  await reader.next();
  const pending = reader.next();
  source.emit(1);
  scope.end();
  expect([await pending, await reader.next()]).toEqual([{ done: false, value: 1 }, done]);
});

test('whoever comes to an ended scope finds the end at once, without an opening', async () => {
  const { source, scope } = setUp();
  scope.end();
  const { story, subscription } = listen(scope);
  subscription[Symbol.dispose]();
  expect(story).toEqual(['end']);
  const reader = scope.feed[Symbol.asyncIterator]();
  expect([await reader.next(), await reader.return?.(), await reader.next()]).toEqual([done, done, done]);
  expect(source.hasConsumers).toBe(false);
});

test('an end with an error reaches listeners, readers and those who come later, each once', async () => {
  const { source, scope } = setUp();
  const before = listen(scope);
  const [waiting, behind, left] = [0, 1, 2].map(() => scope.feed[Symbol.asyncIterator]());
  await waiting?.next();
  const pending = waiting?.next();
  scope.end(refused);
  await left?.return?.();
  await expect(pending).rejects.toBe(refused);
  await expect(behind?.next()).rejects.toBe(refused);
  expect([await waiting?.next(), await behind?.next(), await left?.next()]).toEqual([done, done, done]);
  const late = scope.feed[Symbol.asyncIterator]();
  await expect(late.next()).rejects.toBe(refused);
  expect(await late.next()).toEqual(done);
  expect([before.story, listen(scope).story]).toEqual([[0, refused], [refused]]);
  expect(source.hasConsumers).toBe(false);
});

test('the end of the shared feed reaches everybody once, also if the scope ends afterwards', async () => {
  const { source, scope } = setUp();
  const { story } = listen(scope);
  const reader = scope.feed[Symbol.asyncIterator]();
  source.end(refused);
  scope.end();
  source.end();
  expect(story).toEqual([0, refused]);
  const late = createFeedScope(source.feed);
  expect(listen(late).story).toEqual([refused]);
  await expect(late.feed[Symbol.asyncIterator]().next()).rejects.toBe(refused);
  expect(await reader.next()).toEqual(done);
});

test('a reader hears of the end of the shared feed after what it was given', async () => {
  const { source, scope } = setUp();
  const reader = scope.feed[Symbol.asyncIterator]();
  source.emit(1);
  source.end(refused);
  expect([(await reader.next()).value, (await reader.next()).value]).toEqual([0, 1]);
  await expect(reader.next()).rejects.toBe(refused);
  expect(await reader.next()).toEqual(done);
});

test('leaving the loop, or disposing, leaves the shared feed; the end is then told to nobody', async () => {
  const { source, scope } = setUp();
  for await (const n of scope.feed) if (n === 0) break;
  const { story, subscription } = listen(scope);
  subscription[Symbol.dispose]();
  subscription[Symbol.dispose]();
  source.emit(1);
  expect(source.hasConsumers).toBe(false);
  scope.end();
  expect(story).toEqual([0]);
});

test('a loop ends with its scope', async () => {
  const { source, scope } = setUp();
  const seen: number[] = [];
  for await (const n of scope.feed) {
    seen.push(n);
    if (n === 0) source.emit(1);
    else scope.end();
  }
  expect(seen).toEqual([0, 1]);
  expect(source.hasConsumers).toBe(false);
});

test('a scope that its listener ends inside the opening tells the end, and leaves nobody in the shared feed', () => {
  const source = createFeed<number>({ name: 'test', opening: () => [1, 2] });
  const scope = createFeedScope(source.feed);
  const story: unknown[] = [];
  const close = (n: number) => {
    story.push(n);
    scope.end();
  };
  scope.feed.subscribe(close, { onEnd: (error) => story.push(error ?? 'end') });
  source.emit(3);
  expect(story).toEqual([1, 'end']);
  expect(source.hasConsumers).toBe(false);
});

test('a scope that ends during an event gives that event to none of its listeners any more', () => {
  const { source, scope } = setUp();
  scope.feed.subscribe((n) => n === 1 && scope.end());
  const { story } = listen(scope);
  source.emit(1);
  expect(story).toEqual([0, 'end']);
});

test('a shared feed that ends while a listener ends the scope is told once', () => {
  const { source, scope } = setUp();
  const first = listen(scope);
  scope.feed.subscribe(() => {}, { onEnd: () => scope.end() });
  const last = listen(scope);
  source.end();
  expect([first.story, last.story]).toEqual([
    [0, 'end'],
    [0, 'end'],
  ]);
});

test('what one does on hearing of the end brings nothing to the others', () => {
  const { source, scope } = setUp();
  let second: Disposable | undefined;
  const onEnd = () => {
    source.emit(1);
    second?.[Symbol.dispose]();
    expect(listen(scope).story).toEqual(['end']);
  };
  scope.feed.subscribe(() => {}, { onEnd });
  const { story, subscription } = listen(scope);
  second = subscription;
  const third = listen(scope);
  scope.end();
  expect([story, third.story]).toEqual([[0], [0, 'end']]);
});

test('an onEnd that throws harms nobody and is reported, and a report that fails harms nobody either', () => {
  const reports: unknown[] = [];
  const failure = new Error('listener');
  const fail = () => {
    throw failure;
  };
  const onListenerError = (error: unknown) => {
    reports.push(error);
    throw new Error('log');
  };
  const { source, scope } = setUp({ onListenerError });
  scope.feed.subscribe(() => {}, { onEnd: fail });
  const { story } = listen(scope);
  scope.feed.subscribe(fail);
  scope.end();
  scope.feed.subscribe(() => {}, { onEnd: fail });
  expect(story).toEqual([0, 'end']);
  expect(reports).toEqual([failure, failure]);
  expect(source.feed.stats.listenerErrors).toBe(1);
});

test('a reader that falls behind is ended as in every feed', async () => {
  const source = createFeed<number>({ name: 'test', bound: 1 });
  const reader = createFeedScope(source.feed).feed[Symbol.asyncIterator]();
  source.emit(1);
  source.emit(2);
  expect((await reader.next()).value).toBe(1);
  await expect(reader.next()).rejects.toMatchObject({ code: 'slow-consumer' });
  expect(await reader.next()).toEqual(done);
});

const acts = fc.constantFrom('emit', 'listen', 'read', 'dispose', 'return', 'end scope', 'end' as const);

/** A reader and what `next` gave it until it was at the end. */
function follow(feed: AsyncIterable<number>) {
  const reader = feed[Symbol.asyncIterator]();
  const run = async () => {
    const got: number[] = [];
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) got.push(next.value);
    return got;
  };
  return { reader, got: run() };
}

test('whatever happens: a scope is a feed until it ends, then nobody is left and everybody was told once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { maxLength: 30 }), async (plan) => {
      const source: FeedSource<number> = createFeed<number>({ name: 'test', opening: () => [0] });
      const [scope, plain] = [createFeedScope(source.feed), createFeedScope(source.feed)];
      const listeners: (ReturnType<typeof listen> & { readonly expected: unknown[] })[] = [];
      const readers: ReturnType<typeof follow>[] = [];
      let open: (typeof listeners)[number][] = [];
      const state = { sharedEnded: false, scopeEnded: false, n: 0 };
      const endAll = () => {
        for (const { expected } of open) expected.push('end');
        open = [];
      };
      const run = {
        emit: () => {
          state.n += 1;
          source.emit(state.n);
          for (const { expected } of open) expected.push(state.n);
        },
        listen: () => {
          const ended = state.sharedEnded || state.scopeEnded;
          const listener = { ...listen(scope), expected: ended ? ['end'] : [0] };
          listeners.push(listener);
          if (!ended) open.push(listener);
        },
        read: () => void readers.push(follow(scope.feed)),
        dispose: () => open.shift()?.subscription[Symbol.dispose](),
        return: () => void readers[0]?.reader.return?.(),
        'end scope': () => {
          scope.end();
          state.scopeEnded = true;
          endAll();
        },
        end: () => {
          source.end();
          state.sharedEnded = true;
          endAll();
        },
      };
      const other = listen(plain);
      for (const act of plan) run[act]();
      run['end scope']();
      for (const { story, expected } of listeners) expect(story).toEqual(expected);
      for (const { got } of readers) expect([...(await got)].sort((a, b) => a - b)).toEqual(await got);
      expect(source.feed.stats.consumers).toBe(state.sharedEnded ? 0 : 1);
      expect(other.story.at(-1) === 'end').toBe(state.sharedEnded);
    }),
  );
});
