import { type BookLevel, decimal, type StreamName } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import type { BestLevels } from '../book/best-levels.ts';
import { isSamePrice, MarketFreshness } from './market-freshness.ts';

type Text = readonly [price: string, amount: string] | undefined;

/** What the streams of a market have said, as the test says it. */
function setUp() {
  let now = 0;
  const silent: string[] = [];
  const suspected: number[] = [];
  const level = (text: Text): BookLevel | undefined =>
    text && { price: decimal(text[0]), amount: decimal(text[1]) };
  const best = (bid: Text, ask: Text): BestLevels => ({ bid: level(bid), ask: level(ask) });
  const book = {
    ...{ lastMessageAt: 0, freshAt: 0, venueTimeMs: undefined as number | undefined },
    levels: undefined as BestLevels | undefined,
    suspect: () => void suspected.push(now),
  };
  const ticker = { isConfirmed: true, lastMessageAt: 0, latest: undefined as BestLevels | undefined };
  const trades = { latest: undefined as object | undefined };
  const freshness = new MarketFreshness({
    clock: { now: () => now, monotonic: () => now },
    streams: () => ({ book, ticker, trades }) as never,
    silent: (stream: StreamName, reason) => silent.push(`${now} ${stream}: ${reason}`),
  });
  const look = () => freshness.check(ticker.isConfirmed ? book.levels : undefined);
  const says = {
    book: (bid: Text, ask: Text = ['11', '1']) => {
      book.levels = best(bid, ask);
      book.lastMessageAt = now;
    },
    ticker: (bid: Text, ask: Text = ['11', '1']) => {
      ticker.latest = best(bid, ask);
      ticker.lastMessageAt = now;
    },
  };
  /** Time passes, and is looked at as often as is wanted. */
  const pass = (ms: number, everySecond = () => {}) => {
    const until = now + ms;
    let looksAt = now;
    while (now < until) {
      now += 50;
      if (now % 1_000 === 0) everySecond();
      if (now < looksAt) continue;
      looksAt = now + (look() ? 250 : 1_000);
    }
  };
  const skip = (ms: number) => {
    now += ms;
  };
  const check = () => look();
  return { book, ticker, trades, silent, suspected, says, pass, skip, check, time: () => now };
}

test('book and ticker that say the same are not in doubt, whatever digits they write', () => {
  const { says, pass, silent, suspected, check } = setUp();
  says.book(['9.0', '1']);
  says.ticker(['9', '1.00']);
  pass(100_000);
  expect([silent, suspected, check()]).toEqual([[], [], false]);
});

test('a book that the ticker left behind is called silent after 3 s', () => {
  const { says, pass, silent, suspected } = setUp();
  says.book(['9', '1']);
  says.ticker(['9', '1']);
  pass(10_000);
  let price = 9;
  pass(5_000, () => {
    price += 0.125;
    says.ticker([`${price}`, '1']);
  });
  expect(silent).toHaveLength(1);
  expect(silent[0]).toMatch(/^1[0-4]\d{3} book: the best prices moved without it$/);
  expect(suspected).toEqual([]);
});

test('a ticker that the book left behind is called silent after 3 s', () => {
  const { says, pass, silent } = setUp();
  says.book(['9', '1']);
  says.ticker(['9', '1']);
  pass(10_000);
  let price = 9;
  pass(5_000, () => {
    price -= 0.125;
    says.book([`${price}`, '1']);
  });
  expect(silent).toHaveLength(1);
  expect(silent[0]).toMatch(/^1[0-4]\d{3} ticker: the book moved without it$/);
});

test('where both stand still and differ the venue is asked, and its answer decides', () => {
  const { book, says, pass, silent, suspected } = setUp();
  says.book(['9', '1']);
  says.ticker(['8', '1']);
  pass(10_000);
  expect(silent).toEqual([]);
  expect(suspected).toHaveLength(1);
  // A snapshot that came when the ticker had just spoken may be older than what it said.
  book.freshAt = 900;
  pass(10_000);
  expect([silent, suspected.length]).toEqual([[], 1]);
  book.freshAt = 20_000;
  pass(1_000);
  expect(silent.map((text) => text.replace(/^\d+ /, ''))).toEqual([
    'ticker: it differs from a book that a snapshot has confirmed',
  ]);
});

test('what differs by its meaning is asked anew once, also if it is the same for a moment', () => {
  const { book, says, pass, silent, time } = setUp();
  for (let times = 1; times < 60; times += 1) {
    says.ticker([`${9 + times / 64}`, '10']);
    says.book([`${9 + times / 64}`, '1']);
    pass(5_000);
    book.freshAt = time();
    pass(5_000);
    says.ticker([`${9 + times / 64}`, '1']);
    pass(300);
  }
  expect(silent).toHaveLength(1);
});

test('one that was the same for a while is watched again', () => {
  const { says, pass, silent } = setUp();
  for (let times = 1; times <= 3; times += 1) {
    says.ticker(['9', '1']);
    says.book(['9', '1']);
    pass(3_000);
    let price = 9;
    pass(5_000, () => {
      price -= 0.125;
      says.book([`${price}`, '1']);
    });
    expect(silent).toHaveLength(times);
  }
});

test('a book that was joined a moment ago is not silent, whatever an old ticker said', () => {
  const { book, says, pass, silent, time } = setUp();
  says.book(['9', '1']);
  says.ticker(['9', '1']);
  pass(10_000);
  says.ticker(['8', '1']);
  pass(1_000);
  says.ticker(['7', '1']);
  pass(1_400);
  book.freshAt = time();
  pass(1_500);
  expect(silent).toEqual([]);
});

test('a book that was asked anew and differs again is left to the venue', () => {
  const { says, pass, silent, suspected } = setUp();
  says.book(['9', '1']);
  let price = 10;
  pass(20_000, () => {
    price += 0.001953125;
    says.ticker([`${price}`, '1']);
  });
  expect(silent).toHaveLength(1);
  expect(suspected.length).toBeGreaterThan(1);
});

test('a ticker that has said nothing is silent if the price of the book moves, and is asked less and less often', () => {
  const { says, pass, silent } = setUp();
  says.book(['9', '1']);
  pass(5_000);
  says.book(['9', '2']);
  pass(5_000);
  expect(silent).toEqual([]);
  let price = 9;
  pass(200_000, () => {
    price -= 0.0078125;
    says.book([`${price}`, '1']);
  });
  const at = silent.map((text) => Number.parseInt(text, 10));
  const apart = at.slice(1).map((ms, index) => ms - (at[index] ?? 0));
  expect(apart.slice(0, 4).map((ms) => Math.round(ms / 3_000))).toEqual([2, 4, 8, 16]);
  expect(new Set(silent.map((text) => text.replace(/^\d+ /, '')))).toEqual(
    new Set(['ticker: the book moved without it']),
  );
});

test('a ticker that has said nothing is not silent because a book was confirmed late, or joined anew', () => {
  const { book, ticker, says, pass, silent } = setUp();
  says.book(['9', '1']);
  ticker.lastMessageAt = 50;
  pass(900);
  says.book(['8', '1']);
  pass(10_000);
  book.freshAt = 10_000;
  says.book(['7', '1']);
  pass(10_000);
  expect(silent).toEqual([]);
  ticker.isConfirmed = false;
  says.book(['6', '1']);
  pass(10_000);
  expect(silent).toEqual([]);
});

test('a process that stood still looks twice', () => {
  const { says, pass, skip, check, silent } = setUp();
  says.book(['9', '1']);
  says.ticker(['9', '1']);
  pass(10_000);
  says.ticker(['9', '2']);
  expect(check()).toBe(true);
  skip(5_000);
  // Of what came meanwhile only the ticker was read.
  says.ticker(['9', '3']);
  expect(check()).toBe(true);
  says.book(['9', '3']);
  expect(check()).toBe(false);
  expect(silent).toEqual([]);
});

test('a trade that the book did not follow brings an audit, once', () => {
  const { book, trades, says, pass, suspected } = setUp();
  says.book(['9', '1']);
  book.venueTimeMs = 500;
  pass(1_000);
  const trade = (venueTimeMs: number | undefined, at: number) => {
    trades.latest = { tradeId: '1', venueTimeMs, at };
  };
  for (const [venueTimeMs, at] of [
    [undefined, 1_000],
    [400, 1_000],
    [500, 1_000],
    [600, 0],
  ] as const) {
    trade(venueTimeMs, at);
    pass(5_000);
  }
  expect(suspected).toEqual([]);
  trade(30_000, 21_000);
  pass(5_000);
  expect(suspected).toHaveLength(1);
  expect(suspected[0]).toBeGreaterThanOrEqual(22_000);
  trade(31_000, 26_500);
  book.freshAt = 26_600;
  pass(5_000);
  expect(suspected).toHaveLength(1);
});

test('prices are the same by number, and a side that is empty is only like one that is empty', () => {
  const of = (price: string) => ({ price: decimal(price), amount: decimal('1') });
  const both = { bid: of('1'), ask: of('2') };
  expect(isSamePrice(both, { bid: of('1.0'), ask: of('2.00') })).toBe(true);
  expect(isSamePrice(both, { bid: of('1'), ask: undefined })).toBe(false);
  expect(isSamePrice({ bid: undefined, ask: undefined }, { bid: undefined, ask: undefined })).toBe(true);
});
