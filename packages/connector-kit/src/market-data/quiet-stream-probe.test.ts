import { decimal, type StreamName } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { TickerProbe, TradesProbe } from './quiet-stream-probe.ts';

/** A stream as a probe sees it, confirmed at 0, which is looked at once a second. */
function setUp() {
  let now = 0;
  const asked: number[] = [];
  const silent: string[] = [];
  const options = {
    clock: { now: () => now, monotonic: () => now },
    request: () => void asked.push(now),
    silent: (stream: StreamName, reason: string) => void silent.push(`${stream}: ${reason}`),
  };
  const stream = { isConfirmed: true, lastMessageAt: 0, latest: undefined as object | undefined };
  const probes = { trades: new TradesProbe(options), ticker: new TickerProbe(options) };
  const passing = (which: 'trades' | 'ticker') => (seconds: number) => {
    for (let passed = 0; passed < seconds; passed += 1) {
      now += 1_000;
      probes[which].check(stream as never);
    }
  };
  const skip = (ms: number) => {
    now += ms;
  };
  const heard = (latest: object | undefined) => Object.assign(stream, { latest, lastMessageAt: now });
  return { asked, silent, stream, probes, passing, skip, heard };
}

function tradesBench() {
  const bench = setUp();
  const answer = (...ids: string[]) =>
    bench.probes.trades.answered(
      bench.stream as never,
      ids.map((tradeId) => ({ tradeId }) as never),
    );
  const says = (tradeId: string) => bench.heard({ tradeId });
  return { ...bench, pass: bench.passing('trades'), answer, says };
}

test('a stream that speaks is not asked about, a quiet one every 50 s, and one that was never heard soon', () => {
  const { says, pass, asked } = tradesBench();
  pass(1);
  expect(asked).toEqual([]);
  pass(120);
  expect(asked).toEqual([2_000, 52_000, 102_000]);
  for (let times = 0; times < 10; times += 1) {
    says(`${times}`);
    pass(40);
  }
  expect(asked).toHaveLength(3);
  pass(11);
  expect(asked).toHaveLength(4);
});

test('a trade that the venue has and did not send shows a mute stream', () => {
  const { says, pass, answer, silent } = tradesBench();
  says('7');
  pass(50);
  answer('5', '7', '9', '8');
  pass(3);
  expect(silent).toEqual([]);
  pass(1);
  expect(silent).toEqual(['trades: the venue has trade 9, which it did not send']);
  pass(30);
  expect(silent).toHaveLength(1);
});

test('a trade that an answer has overtaken is waited for', () => {
  const { says, pass, answer, silent } = tradesBench();
  says('7');
  pass(50);
  answer('8');
  pass(2);
  says('8');
  pass(40);
  expect(silent).toEqual([]);
});

test('what was there before the confirmation was not due, and what came after it was', () => {
  const { pass, answer, silent } = tradesBench();
  pass(2);
  answer('100');
  pass(50);
  answer('100');
  pass(48);
  expect(silent).toEqual([]);
  pass(2);
  answer('101');
  pass(4);
  expect(silent).toEqual(['trades: the venue has trade 101, which it did not send']);
});

test('what an answer of another connection said counts for nothing, however short the loss was', () => {
  const { pass, answer, silent, heard, skip } = tradesBench();
  pass(2);
  answer('100');
  pass(10);
  // Between two looks the stream was lost and confirmed again; a trade fell in between, of which a gap tells.
  skip(300);
  heard(undefined);
  pass(2);
  answer('101');
  pass(50);
  answer('101');
  pass(10);
  expect(silent).toEqual([]);
});

test('without a confirmation, without trades and with ids that are no numbers nothing is known', () => {
  const { pass, answer, silent, stream, says } = tradesBench();
  says('x');
  pass(50);
  answer('y');
  answer();
  pass(10);
  stream.isConfirmed = false;
  answer('9');
  pass(100);
  expect(silent).toEqual([]);
});

test('a doubt does not outlive the stream that it was about', () => {
  const { pass, answer, silent, stream, says } = tradesBench();
  says('7');
  pass(50);
  answer('9');
  stream.isConfirmed = false;
  pass(10);
  stream.isConfirmed = true;
  pass(10);
  expect(silent).toEqual([]);
});

test('a process that stood still looks twice before it calls a stream mute', () => {
  const { says, pass, skip, answer, silent } = tradesBench();
  says('7');
  pass(50);
  answer('8');
  skip(10_000);
  pass(1);
  says('8');
  pass(10);
  expect(silent).toEqual([]);
});

type Text = readonly [price: string, amount: string];
const best = (bid: Text | undefined, ask: Text = ['11', '1']) => {
  const level = (text: Text | undefined) => text && { price: decimal(text[0]), amount: decimal(text[1]) };
  return { bid: level(bid), ask: level(ask) };
};

function tickerBench() {
  const bench = setUp();
  const answer = (bid: Text | undefined) =>
    bench.probes.ticker.answered(bench.stream as never, best(bid) as never);
  const says = (bid: Text | undefined) => bench.heard(best(bid));
  return { ...bench, pass: bench.passing('ticker'), answer, says };
}

test('a ticker that is not the best of the book is mute, an equal one or an equally empty one is not', () => {
  for (const [said, told, mute] of [
    [['9', '1'], ['9.0', '1.0'], false],
    [['9', '1'], ['9', '2'], true],
    [['9', '1'], undefined, true],
    [undefined, ['9', '1'], true],
    [undefined, undefined, false],
  ] as const) {
    const { says, pass, answer, silent } = tickerBench();
    says(said);
    pass(50);
    answer(told);
    pass(4);
    const reason = 'ticker: the best prices of the book are others, and it did not say so';
    expect(silent).toEqual(mute ? [reason] : []);
  }
});

test('an answer that may be older than the ticker says nothing', () => {
  const { says, pass, skip, answer, silent } = tickerBench();
  says(['9', '1']);
  pass(50);
  skip(100);
  says(['8', '1']);
  skip(100);
  answer(['9', '1']);
  pass(40);
  expect(silent).toEqual([]);
});

test('so does one that was asked for when the ticker had just spoken', () => {
  const { stream, pass, answer, silent, asked } = tickerBench();
  pass(2);
  expect(asked).toEqual([2_000]);
  Object.assign(stream, { latest: best(['8', '1']), lastMessageAt: 1_900 });
  answer(['9', '1']);
  pass(10);
  expect(silent).toEqual([]);
});

test('a ticker that was never heard is mute if the best levels are others than at the answer before', () => {
  const { pass, answer, silent, heard } = tickerBench();
  pass(2);
  answer(['9', '1']);
  pass(50);
  answer(['9', '1']);
  pass(50);
  answer(['9', '2']);
  pass(4);
  expect(silent).toHaveLength(1);
  // Asked anew and still not heard: amounts may mean something else, prices may not.
  heard(undefined);
  pass(2);
  answer(['9', '3']);
  pass(50);
  answer(['9', '4']);
  pass(50);
  expect(silent).toHaveLength(1);
  answer(['8', '4']);
  pass(4);
  expect(silent).toHaveLength(2);
});

test('one that means something else is asked anew once, until it is found to be the same', () => {
  const { says, pass, answer, silent } = tickerBench();
  for (let times = 1; times <= 20; times += 1) {
    says([`${9 + times}`, '10']);
    pass(50);
    answer([`${9 + times}`, '1']);
    pass(10);
  }
  expect(silent).toHaveLength(1);
  says(['9', '1']);
  pass(50);
  answer(['9', '1']);
  pass(50);
  answer(['9', '2']);
  pass(4);
  expect(silent).toHaveLength(2);
});
