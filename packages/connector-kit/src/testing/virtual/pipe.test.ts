import { describe, expect, test } from 'vitest';
import { Pipe } from './pipe.ts';
import { TimerGroup } from './planned-timer.ts';
import { createSeededTies } from './seeded-number.ts';
import { VirtualTime } from './virtual-time.ts';

/** A pipe with a latency of 1 ms, and what has come out of it. `chance` is every draw. */
function createStage(chance = 0) {
  const time = new VirtualTime(0, createSeededTies('pipe'), false);
  const road = { time, latency: { minMs: 1, maxMs: 1 }, held: false, pipes: new Set<Pipe>() };
  const random = { next: () => chance };
  const group = new TimerGroup('receiver');
  const pipe = new Pipe(road, { group, label: 'pipe', random });
  const out: string[] = [];
  const arrives = (name: string) => (): void => void out.push(name);
  return { time, road, group, pipe, out, arrives };
}

describe('a pipe that had its last thing', () => {
  test('takes nothing more, and is not told again of a loss that loses nothing', async () => {
    const { arrives, out, pipe, time } = createStage();
    pipe.push(1, arrives('first'));
    pipe.finish(arrives('end'));
    pipe.push(1, arrives('push'));
    pipe.park(1, arrives('park'));
    pipe.finish(arrives('second end'));
    expect(pipe.breakOff(9, arrives('break'))).toBe(0);
    await time.run({});
    expect(out).toEqual(['first', 'end']);
  });

  test('has another last thing where that one was lost with the rest', async () => {
    const { arrives, out, pipe, time } = createStage(0.99);
    pipe.push(5, arrives('first'));
    pipe.push(5, arrives('second'));
    pipe.finish(arrives('end'));
    expect(pipe.breakOff(5, arrives('break'))).toBe(2);
    await time.run({});
    expect(out).toEqual(['first', 'break']);
  });

  test('has another one after a failure, which loses what is under way', async () => {
    const { arrives, out, pipe, time } = createStage();
    pipe.push(1, arrives('first'));
    pipe.finish(arrives('end'));
    pipe.fail(arrives('failure'));
    expect(pipe.bytes).toBe(0);
    await time.run({});
    expect(out).toEqual(['failure']);
  });
});

test('a pipe that was stopped gives nothing and takes nothing, whatever comes', async () => {
  for (const chance of [0, 0.99]) {
    const { arrives, out, pipe, road, time } = createStage(chance);
    pipe.push(100, arrives('first'));
    pipe.park(100, arrives('parked'));
    pipe.stop();
    expect([pipe.bytes, pipe.ended, pipe.parking, road.pipes.size]).toEqual([0, true, false, 0]);
    pipe.push(1, arrives('push'));
    pipe.park(1, arrives('park'));
    pipe.finish(arrives('finish'));
    expect(pipe.breakOff(0, arrives('break'))).toBe(0);
    pipe.fail(arrives('fail'));
    pipe.resume();
    expect(time.waiting).toEqual([]);
    await time.run({});
    expect(out).toEqual([]);
  }
});

test('what waits to be overtaken counts as under way when a pipe is broken off', async () => {
  const { arrives, out, pipe, time } = createStage(0.99);
  pipe.park(100, arrives('parked'));
  expect(pipe.breakOff(99, arrives('break'))).toBe(1);
  await time.run({});
  expect(out).toEqual(['break']);
});

test('of what is behind the first bytes none, some or all is lost, and never what is in front', async () => {
  const seen = new Set<string>();
  for (const chance of [0, 0.2, 0.4, 0.6, 0.8, 0.999]) {
    const { arrives, out, pipe, time } = createStage(chance);
    for (const name of ['a', 'b', 'c', 'd']) pipe.push(10, arrives(name));
    pipe.breakOff(20, arrives('.'));
    await time.run({});
    seen.add(out.join(''));
  }
  expect(seen).toEqual(new Set(['abcd.', 'abc.', 'ab.']));
});

test('nothing is planned in a pause, and everything comes after it', async () => {
  const { arrives, out, pipe, road, time } = createStage();
  pipe.push(1, arrives('a'));
  road.held = true;
  pipe.pause();
  pipe.push(1, arrives('b'));
  expect(time.waiting).toEqual([]);
  road.held = false;
  pipe.resume();
  pipe.resume();
  expect(time.waiting).toHaveLength(1);
  await time.run({});
  expect(out).toEqual(['a', 'b']);
});

test('what comes in one go ends with the receiver', async () => {
  const { arrives, group, out, pipe, time } = createStage(0.99);
  pipe.push(1, () => {
    out.push('last words');
    time.end(group);
  });
  pipe.push(1, arrives('to nobody'));
  await time.run({});
  expect(out).toEqual(['last words']);
});
