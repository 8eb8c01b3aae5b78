import { expect, test } from 'vitest';
import type { Audience, BookAnswer, Market, MarketEvent } from '../market/market.ts';
import { parseRecording } from '../recording/recording-text.ts';
import { createVirtualTime, type VirtualTime } from '../virtual-time.ts';
import type { ReplaySpeed } from './replay-clock.ts';
import { createReplayMarket } from './replay-market.ts';

function depth(time: string, seqnum: number, price: string, size = '1'): string {
  return `${time}: {"m":"depth","symbol":"A/B","data":{"ts":1,"seqnum":${seqnum},"asks":[["${price}","${size}"]],"bids":[]}}`;
}

function book(time: string, seqnum: number): string {
  return `${time}: {"m":"depth-snapshot","symbol":"A/B","data":{"ts":1,"seqnum":${seqnum},"asks":[["5","1"]],"bids":[["4","1"]]}}`;
}

const session = [
  'wss://v/s <- 100: {"op":"sub","ch":"depth:A/B"}',
  '100.2: {"m":"sub","ch":"depth:A/B","code":0}',
  depth('100.5', 10, '5'),
  book('101', 10),
  depth('102', 11, '6'),
  depth('103', 12, '6', '0'),
  '104: {"m":"ping","hp":3}',
];

interface Stage {
  readonly time: VirtualTime;
  readonly market: Market;
  /** What came, with the virtual time in milliseconds. */
  readonly log: string[];
  followed: boolean;
  crowded: boolean;
  finished: boolean;
}

function play(speed: ReplaySpeed, lines: readonly string[] = session): Stage {
  const time = createVirtualTime(0);
  const market = createReplayMarket(
    { session: parseRecording(lines.join('\n'), 'a.txt'), products: [], speed },
    time,
  );
  const log: string[] = [];
  const stage: Stage = { time, market, log, followed: false, crowded: false, finished: false };
  const audience: Audience = {
    deliver: (event) => log.push(`${time.clock.now()} ${describeEvent(event)}`),
    leftOut: () => log.push(`${time.clock.now()} left out`),
    follows: () => stage.followed,
    wantsLevels: () => false,
    crowded: () => stage.crowded,
  };
  market.open(audience);
  return stage;
}

function describeEvent(event: MarketEvent): string {
  return event.kind === 'depth' ? `depth ${event.seqnum}${event.last ? ' last' : ''}` : event.kind;
}

function ask({ market, time, log }: Stage): void {
  market.requestBook('A/B', ({ book: { seqnum, asks }, text }: BookAnswer) => {
    const prices = asks.map(([price]) => price).join(' ');
    log.push(`${time.clock.now()} book ${seqnum} ${prices}${text === undefined ? '' : ' recorded'}`);
  });
}

test('everything comes at its place, divided by the speed', () => {
  const stage = play(2);
  stage.time.runUntil(1_000);
  stage.market.start();
  stage.market.acknowledge('depth', 'A/B', () => stage.log.push(`${stage.time.clock.now()} confirmed`));
  ask(stage);
  stage.time.runUntil(10_000);
  expect(stage.log).toEqual([
    '1100 confirmed',
    '1250 depth 10',
    '1500 book 10 5 recorded',
    '2000 depth 11',
    '2500 depth 12 last',
    '3000 ping',
  ]);
  ask(stage);
  expect(stage.log.at(-1)).toBe('10000 book 12 5');
});

test('the clock stands at the place of a book until it is asked for', () => {
  const stage = play(1);
  stage.followed = true;
  stage.market.start();
  stage.time.runUntil(2_500);
  expect(stage.log).toEqual(['500 depth 10']);
  expect(stage.market.elapsedSeconds()).toBe(1);
  ask(stage);
  stage.time.runUntil(10_000);
  expect(stage.log.slice(1)).toEqual([
    '2500 book 10 5 recorded',
    '3500 depth 11',
    '4500 depth 12 last',
    '5500 ping',
  ]);
});

test('it stands for two seconds at most, and not for somebody who has left', () => {
  const stage = play('max');
  stage.followed = true;
  stage.market.start();
  stage.time.runUntil(10_000);
  expect(stage.log).toEqual(['0 depth 10', '2000 depth 11', '2000 depth 12 last', '2000 ping']);
  const other = play('max');
  other.followed = true;
  other.market.start();
  other.time.runUntil(700);
  other.followed = false;
  other.market.reconsider();
  other.time.runUntil(10_000);
  expect(other.log[1]).toBe('700 depth 11');
});

test('at speed max a crowd is waited for', async () => {
  const stage = play('max');
  stage.crowded = true;
  void stage.market.finished.then(() => {
    stage.finished = true;
  });
  stage.market.start();
  stage.time.runUntil(60_000);
  expect([stage.log, stage.finished]).toEqual([[], false]);
  stage.crowded = false;
  stage.market.reconsider();
  stage.time.runUntil(60_001);
  await stage.market.finished;
  expect(stage.log.length).toBe(4);
});

test('a book asked for before the clock starts comes at its place, or after two seconds without a clock', () => {
  const stage = play(1);
  ask(stage);
  stage.time.runUntil(1_000);
  stage.market.start();
  stage.time.runUntil(2_500);
  expect(stage.log).toEqual(['1500 depth 10', '2000 book 10 5 recorded']);
  const other = play(1);
  ask(other);
  other.time.runUntil(5_000);
  expect(other.log).toEqual(['2000 book 10 5 recorded']);
});

test('what is scheduled comes by the recorded clock, also after the end', () => {
  for (const speed of [4, 'max'] as const) {
    const stage = play(speed);
    for (const seconds of [2, 2.5, 100])
      stage.market.schedule(seconds, () => stage.log.push(`at ${seconds}`));
    stage.time.runUntil(1_000);
    expect(stage.log).toEqual([]);
    stage.market.start();
    stage.time.runUntil(100_000);
    const order = stage.log.map((line) => line.replace(/^\d+ /, ''));
    expect(order).toEqual(['depth 10', 'at 2', 'depth 11', 'at 2.5', 'depth 12 last', 'ping', 'at 100']);
  }
});

test('a recording that lost differences is mended by its next book, and not before', () => {
  const lines = [...session.slice(0, 4), depth('102', 20, '7'), book('103', 30), depth('104', 31, '8')];
  const stage = play(1, lines);
  ask(stage);
  stage.market.start();
  for (const atMs of [2_500, 3_500, 4_500]) {
    stage.time.runUntil(atMs);
    ask(stage);
  }
  expect(stage.log.filter((line) => line.includes('book'))).toEqual([
    '1000 book 10 5 recorded',
    '2500 book 20 5 7',
    '3500 book 30 5',
    '4500 book 31 5 8',
  ]);
});

test('a confirmation whose place has gone by comes at once', () => {
  const stage = play(1);
  stage.market.start();
  stage.time.runUntil(1_500);
  stage.market.acknowledge('depth', 'A/B', () => stage.log.push('late confirmed'));
  expect(stage.log.at(-1)).toBe('late confirmed');
});

test('at a speed of its own the replay waits for no crowd', () => {
  const stage = play(1);
  stage.crowded = true;
  stage.market.start();
  stage.time.runUntil(600);
  expect(stage.log).toEqual(['500 depth 10']);
});

test('at speed max the clock shows the time of what is scheduled, and never goes back', () => {
  const stage = play('max');
  const seen: number[] = [];
  const look = (): void => void seen.push(stage.market.elapsedSeconds());
  stage.market.schedule(1.5, look);
  stage.market.schedule(100, look);
  stage.market.start();
  stage.time.runUntil(10);
  stage.market.schedule(1, look);
  stage.time.runUntil(20);
  expect(seen).toEqual([1.5, 100, 100]);
});

test('a book that is older than the kept one does not replace it', () => {
  const stage = play(1, [...session.slice(0, 6), book('104', 10)]);
  stage.market.start();
  stage.time.runUntil(5_000);
  expect(stage.market.book('A/B', 9)?.seqnum).toBe(12n);
});

test('own pings pause only while a recorded one is ahead', () => {
  const stage = play(1);
  expect(stage.market.pingsAhead).toBe(false);
  stage.market.start();
  stage.time.runUntil(3_500);
  expect(stage.market.pingsAhead).toBe(true);
  stage.time.runUntil(4_500);
  expect(stage.market.pingsAhead).toBe(false);
});

test('a request that was given up is no request: the clock waits again', () => {
  const stage = play('max');
  stage.followed = true;
  const gone = stage.market.requestBook('A/B', () => stage.log.push('never'));
  gone[Symbol.dispose]();
  stage.market.start();
  stage.time.runUntil(1_000);
  expect(stage.log).toEqual(['0 depth 10']);
});

test('a removed message is in the kept book, and the last one that is given out is the last', () => {
  const time = createVirtualTime(0);
  const market = createReplayMarket(
    {
      session: parseRecording(session.join('\n'), 'a.txt'),
      products: [],
      speed: 1,
      removeDepth: (_symbol, seqnum) => seqnum === 12n,
    },
    time,
  );
  const last: bigint[] = [];
  market.open({
    deliver: (event) => void (event.kind === 'depth' && event.last && last.push(event.seqnum)),
    leftOut: () => {},
    follows: () => false,
    crowded: () => false,
    wantsLevels: () => false,
  });
  market.start();
  time.runUntil(10_000);
  expect(last).toEqual([11n]);
  expect(market.book('A/B', 9)).toMatchObject({ seqnum: 12n, asks: [['5', '1']] });
});

const twoTopics = [
  'wss://v/s <- 100: {"op":"sub","ch":"depth:A/B"}',
  '100.1: {"m":"sub","ch":"depth:A/B","code":0}',
  '100.1: {"m":"sub","ch":"trades:A/B","code":0}',
  depth('100.5', 10, '5'),
  book('101', 10),
];

test('at speed max the opening of a topic waits while subscriptions keep coming, for two seconds in all', () => {
  const stage = play('max', twoTopics);
  const subscribe = (topic: string): void => {
    stage.market.acknowledge(topic, 'A/B', () => stage.log.push(`${stage.time.clock.now()} ${topic}`));
  };
  stage.market.start();
  subscribe('depth');
  stage.time.runUntil(30);
  expect(stage.log).toEqual(['0 depth']);
  subscribe('trades');
  stage.time.runUntil(31);
  expect(stage.log).toEqual(['0 depth', '30 trades', '30 depth 10 last']);
  const other = play('max', twoTopics);
  other.market.start();
  for (let atMs = 0; atMs < 2_100; atMs += 30) {
    other.market.acknowledge('depth', 'A/B', () => {});
    other.time.runUntil(atMs + 30);
  }
  expect(other.log).toEqual(['2000 depth 10 last']);
});

test('at speed max the opening of a topic that nobody wants waits for fifty milliseconds', () => {
  const stage = play('max', twoTopics);
  stage.market.start();
  stage.market.acknowledge('depth', 'A/B', () => {});
  stage.time.runUntil(1_000);
  expect(stage.log).toEqual(['50 depth 10 last']);
});
