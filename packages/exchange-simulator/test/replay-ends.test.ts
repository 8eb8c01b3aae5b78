import { expect, test } from 'vitest';
import type { BookAnswer, Market } from '../src/market/market.ts';
import { parseRecording } from '../src/recording/recording-text.ts';
import type { ReplaySpeed } from '../src/replay/replay-clock.ts';
import { createReplayMarket } from '../src/replay/replay-market.ts';
import { createVirtualTime, type VirtualTime } from '../src/virtual-time.ts';

const url = 'wss://v/s';

function depth(time: string, seqnum: number, price: string, symbol = 'A/B'): string {
  return `${time}: {"m":"depth","symbol":"${symbol}","data":{"ts":1,"seqnum":${seqnum},"asks":[["${price}","1"]],"bids":[]}}`;
}

function book(time: string, seqnum: number, symbol = 'A/B'): string {
  return `${time}: {"m":"depth-snapshot","symbol":"${symbol}","data":{"ts":1,"seqnum":${seqnum},"asks":[["5","1"]],"bids":[["4","1"]]}}`;
}

const sent = (time: string, ch: string): string => `${url} <- ${time}: {"op":"sub","ch":"${ch}"}`;
const confirmed = (time: string, ch: string): string => `${time}: {"m":"sub","ch":"${ch}","code":0}`;

const first = [
  `${url} <-> 99`,
  sent('100', 'depth:A/B'),
  confirmed('100.2', 'depth:A/B'),
  depth('100.5', 10, '5'),
  book('101', 10),
  depth('102', 11, '6'),
];
const cut = `${url} <x> 103: cut`;
/** After an outage of three seconds, in which the feed has begun anew. */
const second = [
  `${url} <-> 105`,
  '105.5: {"m":"connected","type":"unauth"}',
  sent('106', 'depth:A/B'),
  confirmed('106.2', 'depth:A/B'),
  depth('106.5', 3, '5'),
  book('107', 3),
  depth('108', 4, '7'),
  '109: {"m":"ping","hp":3}',
];

interface Stage {
  readonly time: VirtualTime;
  readonly market: Market;
  /** What came, with the virtual time in milliseconds. */
  readonly log: string[];
  finished: boolean;
  /** Told of every end. */
  onEnd: () => void;
  at(what: string): void;
}

function play(speed: ReplaySpeed, lines: readonly string[]): Stage {
  const time = createVirtualTime(0);
  const log: string[] = [];
  const at = (what: string): void => void log.push(`${time.clock.now()} ${what}`);
  const end = (how: string): void => {
    at(how);
    stage.onEnd();
  };
  const streams = { cutAll: () => end('cut'), closeAll: (code: number) => end(`close ${code}`) };
  const session = parseRecording(lines.join('\n'), 'a.txt');
  const market = createReplayMarket({ session, products: [], speed }, { ...time, streams });
  market.open({
    deliver: (event) =>
      at(event.kind === 'depth' ? `depth ${event.seqnum}${event.last ? ' last' : ''}` : event.kind),
    leftOut: () => {},
    follows: () => false,
    wantsLevels: () => false,
    crowded: () => false,
  });
  const stage: Stage = { time, market, log, finished: false, onEnd: () => {}, at };
  void market.finished.then(() => {
    stage.finished = true;
  });
  return stage;
}

/** As the dialect does it. */
function subscribe({ market, at }: Stage, channel = 'depth', symbol = 'A/B'): void {
  if (channel === 'depth') market.start();
  market.acknowledge(channel, symbol, () => at(`confirmed ${channel}`));
}

function ask({ market, at }: Stage, symbol = 'A/B'): void {
  market.requestBook(symbol, ({ book: { seqnum, asks }, text }: BookAnswer) => {
    at(`book ${seqnum} ${asks.map(([price]) => price).join(' ')}${text === undefined ? '' : ' recorded'}`);
  });
}

test('at its time every stream is cut; the clock stands until somebody has subscribed, and goes on where the client did', async () => {
  const stage = play(2, [...first, cut, ...second]);
  subscribe(stage);
  ask(stage);
  stage.time.runUntil(20_000);
  expect(stage.log.splice(0)).toEqual([
    '100 confirmed depth',
    '250 depth 10',
    '500 book 10 5 recorded',
    '1000 depth 11',
    '1500 cut',
  ]);
  expect(stage.market.elapsedSeconds()).toBe(3);
  subscribe(stage);
  ask(stage);
  stage.time.runUntil(40_000);
  expect(stage.log).toEqual([
    '20100 confirmed depth',
    '20250 depth 3',
    '20500 book 3 5 recorded',
    '21000 depth 4 last',
    '21500 ping',
  ]);
  await stage.market.finished;
  expect(stage.market.elapsedSeconds()).toBeGreaterThan(9);
});

test('at speed max what was sent has fifty milliseconds to leave, and the rest waits for the client all the same', () => {
  const stage = play('max', [...first, cut, ...second]);
  subscribe(stage);
  ask(stage);
  stage.time.runUntil(20_000);
  expect(stage.log.splice(0).at(-1)).toBe('50 cut');
  expect(stage.market.elapsedSeconds()).toBe(3);
  subscribe(stage);
  expect(stage.market.elapsedSeconds()).toBe(6);
  ask(stage);
  stage.time.runUntil(30_000);
  expect(stage.log).toEqual([
    '20000 confirmed depth',
    '20000 depth 3',
    '20000 book 3 5 recorded',
    '20000 depth 4 last',
    '20000 ping',
  ]);
});

test('what is subscribed to before the depth channel is confirmed at once, as at the beginning', () => {
  const stage = play(1, [...first, cut, ...second, confirmed('110', 'trades:A/B')]);
  subscribe(stage);
  stage.time.runUntil(10_000);
  subscribe(stage, 'trades');
  expect(stage.log.at(-1)).toBe('10000 confirmed trades');
  subscribe(stage);
  subscribe(stage, 'trades');
  stage.time.runUntil(20_000);
  expect(stage.log.at(-1)).toBe('14000 confirmed trades');
});

test('what the venue said before a marked end goes to everybody, and what it said without one to nobody', () => {
  const farewell = '102.5: {"m":"disconnected","code":1,"reason":"R"}';
  const stage = play(1, [...first, farewell, `${url} <x> 103: close 1000`]);
  subscribe(stage);
  stage.time.runUntil(1_000);
  expect(stage.market.pingsAhead).toBe(true);
  stage.time.runUntil(20_000);
  expect(stage.log.slice(-2)).toEqual(['2500 ping', '3000 close 1000']);
  const other = play(1, [...first, farewell]);
  subscribe(other);
  other.time.runUntil(20_000);
  expect(other.log.at(-1)).toBe('2000 depth 11 last');
});

test('a client that is back before the cut is over starts what follows', () => {
  const stage = play(1, [...first, cut, ...second]);
  stage.onEnd = () => {
    subscribe(stage);
    ask(stage);
  };
  subscribe(stage);
  stage.time.runUntil(20_000);
  expect(stage.log.slice(-6)).toEqual([
    '3000 cut',
    '3200 confirmed depth',
    '3500 depth 3',
    '4000 book 3 5 recorded',
    '5000 depth 4 last',
    '6000 ping',
  ]);
});

test.each([
  ['close 1001', '3000 close 1001'],
  ['cut', '3000 cut'],
  ['left', '3000 close 1000'],
])('%s is played as such', (how, expected) => {
  const stage = play(1, [...first, `${url} <x> 103: ${how}`, ...second]);
  subscribe(stage);
  stage.time.runUntil(20_000);
  expect(stage.log.at(-1)).toBe(expected);
});

test('an end that is the last of a recording is played before it is finished; that of a client that left is not', async () => {
  for (const [how, last] of [
    ['cut', '3000 cut'],
    ['left', '2000 depth 11 last'],
  ]) {
    const stage = play(1, [...first, `${url} <x> 103: ${how}`]);
    subscribe(stage);
    stage.time.runUntil(2_999);
    await Promise.resolve();
    expect(stage.finished).toBe(false);
    stage.market.schedule(10, () => stage.at('agenda'));
    stage.time.runUntil(20_000);
    await stage.market.finished;
    expect(stage.log.slice(-2)).toEqual([last, '10000 agenda']);
  }
});

test('a recording that is not over after a cut is not finished until somebody has come back', async () => {
  const stage = play(1, [...first, cut, ...second]);
  subscribe(stage);
  stage.time.runUntil(1_000_000);
  await Promise.resolve();
  expect(stage.finished).toBe(false);
  expect(stage.market.pingsAhead).toBe(false);
  stage.market.close();
  await stage.market.finished;
});

test('books are those of the connection: a feed that began anew has its new numbers, also before it goes on', () => {
  const stage = play(1, [...first, cut, ...second]);
  subscribe(stage);
  stage.time.runUntil(2_500);
  expect(stage.market.book('A/B', 9)?.seqnum).toBe(11n);
  stage.time.runUntil(10_000);
  expect(stage.market.book('A/B', 9)?.seqnum).toBe(3n);
  subscribe(stage);
  stage.time.runUntil(20_000);
  expect(stage.market.book('A/B', 9)).toMatchObject({
    seqnum: 4n,
    asks: [
      ['5', '1'],
      ['7', '1'],
    ],
  });
  ask(stage);
  expect(stage.log.at(-1)).toBe('20000 book 4 5 7');
});

test('a book that is asked for while the clock stands comes at its place, or after two seconds', () => {
  const stage = play(1, [...first, cut, ...second]);
  subscribe(stage);
  stage.time.runUntil(9_500);
  ask(stage);
  stage.time.runUntil(11_000);
  subscribe(stage);
  stage.time.runUntil(12_500);
  expect(stage.log.slice(-3)).toEqual(['11200 confirmed depth', '11500 depth 3', '12000 book 3 5 recorded']);
  const other = play(1, [...first, cut, ...second]);
  subscribe(other);
  other.time.runUntil(10_000);
  ask(other);
  other.time.runUntil(15_000);
  expect(other.log.at(-1)).toBe('12000 book 3 5 recorded');
});

test('a symbol whose book was not asked for again keeps the one it had', () => {
  const stage = play(1, [...first, book('102.5', 90, 'C/D'), cut, ...second, depth('110', 91, '8', 'C/D')]);
  subscribe(stage);
  stage.time.runUntil(10_000);
  ask(stage, 'C/D');
  expect(stage.log.at(-1)).toBe('10000 book 90 5');
  subscribe(stage);
  stage.time.runUntil(20_000);
  ask(stage, 'C/D');
  expect(stage.log.at(-1)).toBe('20000 book 91 5 8');
});

test('what is scheduled for the time of an outage comes when it is over', () => {
  const stage = play(1, [...first, cut, ...second]);
  for (const seconds of [2.5, 3, 4, 8.5])
    stage.market.schedule(seconds, () => stage.at(`scheduled for ${seconds}`));
  subscribe(stage);
  stage.time.runUntil(10_000);
  expect(stage.log.slice(-3)).toEqual(['2500 scheduled for 2.5', '3000 scheduled for 3', '3000 cut']);
  subscribe(stage);
  stage.time.runUntil(20_000);
  expect(stage.log.filter((line) => line.includes('scheduled')).slice(2)).toEqual([
    '10000 scheduled for 4',
    '12500 scheduled for 8.5',
  ]);
});

test('connections before the first depth subscription, and those without a subscription, are passed over', () => {
  const stage = play(1, [
    `${url} <-> 90`,
    sent('91', 'trades:A/B'),
    '92: {"m":"ping","hp":3}',
    `${url} <x> 93: close 1000`,
    ...first,
    cut,
    `${url} <-> 104`,
    '104: {"m":"ping","hp":2}',
    `${url} <x> 104.5: cut`,
    ...second,
  ]);
  subscribe(stage);
  stage.time.runUntil(10_000);
  subscribe(stage);
  stage.time.runUntil(20_000);
  expect(stage.log.map((line) => line.replace(/^\d+ /, ''))).toEqual([
    ...['confirmed depth', 'depth 10', 'depth 11', 'cut'],
    ...['confirmed depth', 'depth 3', 'depth 4 last', 'ping'],
  ]);
});

test('a connection without a depth subscription goes on with any other', () => {
  const trades = '107: {"m":"trades","symbol":"A/B","data":[{"p":"1","q":"1","ts":1,"bm":true,"seqnum":1}]}';
  const stage = play(1, [...first, cut, sent('105', 'trades:A/B'), confirmed('105.5', 'trades:A/B'), trades]);
  subscribe(stage);
  stage.time.runUntil(10_000);
  subscribe(stage, 'trades');
  stage.time.runUntil(20_000);
  expect(stage.log.slice(-3)).toEqual(['3000 cut', '10500 confirmed trades', '12000 trades']);
});

test('at speed max the openings of each connection wait for the rest of its subscriptions', () => {
  const openings = (at: number, connection: readonly string[]): readonly string[] => [
    ...connection.slice(0, 3),
    confirmed(`${at}.2`, 'trades:A/B'),
    ...connection.slice(3),
  ];
  const back = second.filter((line) => !line.includes('connected'));
  const stage = play('max', [...openings(100, first), cut, ...openings(106, back)]);
  for (const startMs of [0, 10_000]) {
    stage.time.runUntil(startMs);
    subscribe(stage);
    stage.time.runUntil(startMs + 30);
    subscribe(stage, 'trades');
    stage.time.runUntil(startMs + 5_000);
  }
  expect(stage.log.filter((line) => line.includes('confirmed'))).toEqual([
    ...['0 confirmed depth', '30 confirmed trades', '10000 confirmed depth', '10030 confirmed trades'],
  ]);
});

test('without a marked end, a second connect means nothing', () => {
  const stage = play(1, [...first, ...second]);
  subscribe(stage);
  stage.time.runUntil(20_000);
  expect(stage.log).toEqual([
    ...[
      '200 confirmed depth',
      '500 depth 10',
      '2000 depth 11',
      '6500 depth 3',
      '8000 depth 4 last',
      '9000 ping',
    ],
  ]);
});
