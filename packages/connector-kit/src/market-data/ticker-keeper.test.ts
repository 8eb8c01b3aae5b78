import { decimal, type TickerEvent, VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createTickerKeeper } from './ticker-keeper.ts';

function setUp() {
  const runtime = createManualRuntime();
  const startMs = runtime.clock.now();
  const uses: string[] = [];
  const keeper = createTickerKeeper({
    runtime,
    venue: 'v',
    pair: 'A-B',
    onFirstUse: () => uses.push('used'),
  });
  const say = (price: string): void => {
    const level = { price: decimal(price), amount: decimal('1') };
    keeper.ticker({ bid: level, ask: undefined, venueTimeMs: 1 }, runtime.clock.now());
  };
  const wordOf = (event: TickerEvent) =>
    event.kind === 'gap'
      ? `gap ${event.fromMs - startMs}-${event.toMs - startMs} ${event.reason}`
      : String(event.bid?.price);
  const listen = () => {
    const story: string[] = [];
    keeper.feed.subscribe((event) => story.push(wordOf(event)));
    return story;
  };
  return { runtime, startMs, keeper, uses, say, wordOf, listen };
}

test('a state begins with the newest ticker of this connection, and with none of an earlier one', async () => {
  const { keeper, runtime, say, listen, uses } = setUp();
  const first = listen();
  expect(uses).toEqual(['used']);
  say('1');
  expect([first, keeper.latest, keeper.isConfirmed, keeper.lastMessageAt]).toEqual([
    [],
    undefined,
    false,
    -Infinity,
  ]);
  await runtime.advance(100);
  keeper.confirmed();
  expect([keeper.isConfirmed, keeper.lastMessageAt]).toEqual([true, 100]);
  await runtime.advance(100);
  say('2');
  say('3');
  expect([keeper.lastMessageAt, listen(), first]).toEqual([200, ['3'], ['2', '3']]);
  keeper.lost('cut', runtime.clock.now());
  say('4');
  expect([keeper.isConfirmed, keeper.latest, listen()]).toEqual([false, undefined, []]);
});

test('a loss is a gap from where it began, with its first reason, if there was a ticker to lose', async () => {
  const { keeper, runtime, startMs, say, listen } = setUp();
  const story = listen();
  keeper.confirmed();
  keeper.lost('nothing lost', startMs);
  keeper.confirmed();
  expect(story).toEqual([]);
  say('1');
  await runtime.advance(500);
  keeper.lost('first', startMs + 300);
  keeper.confirmed();
  say('2');
  expect(story).toEqual(['1', 'gap 300-500 first', '2']);
  keeper.lost('one', startMs + 400);
  keeper.lost('two', startMs + 450);
  await runtime.advance(500);
  keeper.confirmed();
  keeper.confirmed();
  expect(story.slice(3)).toEqual(['gap 400-1000 one']);
});

test('a slow reader gets the newest ticker, and each gap', async () => {
  const { keeper, runtime, say, wordOf } = setUp();
  const story: string[] = [];
  let goOn = () => {};
  keeper.confirmed();
  say('0');
  const reading = (async () => {
    for await (const event of keeper.feed) {
      story.push(wordOf(event));
      if (story.length === 1)
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
    }
    return 'over';
  })();
  await settle();
  for (const reason of ['one', 'two']) {
    for (const price of ['1', '2', '3']) say(price);
    keeper.lost(reason, runtime.clock.now());
    keeper.confirmed();
  }
  say('4');
  say('5');
  goOn();
  await settle();
  keeper.close();
  expect(await reading).toBe('over');
  expect(story.filter((word) => word.startsWith('gap'))).toEqual(['gap 0-0 one', 'gap 0-0 two']);
  expect(story.at(-1)).toBe('5');
  expect(story).not.toContain('4');
});

test('a refused ticker ends with the error', async () => {
  const { keeper } = setUp();
  const gone = new VenueError({ code: 'market-unavailable', message: 'gone' });
  const reading = (async () => {
    for await (const _ of keeper.feed);
  })();
  keeper.refused(gone);
  await expect(reading).rejects.toBe(gone);
});
