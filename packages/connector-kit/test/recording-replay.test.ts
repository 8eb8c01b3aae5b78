import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReplayRuntime, type ReplayOptions } from '../src/recording/index.ts';
import { createManualRuntime, settle } from '../src/testing/index.ts';
import { type Client, dial, items, seconds, startMs, streamUrl } from './recording-venue.ts';

const virtual = { speed: 'virtual' } as const satisfies ReplayOptions;

describe('a recorded connection', () => {
  test('is played at its distances, at the recorded time', async () => {
    const replay = await createReplayRuntime(
      items('URL <-> @3.2', '@3.25: {"a":1}', 'URL <- @3.3: {}', '@3.9999: {"a":2}', '@60: {"a":3}'),
      virtual,
    );
    const { heard } = dial(replay);
    expect(await replay.run()).toBe('finished');
    expect(heard).toEqual(['3200 opened', '3250 {"a":1}', '3999 {"a":2}', '60000 {"a":3}']);
    expect(replay.clock.monotonic()).toBe(56_800);
    expect(replay.progress).toMatchObject({ connections: 1, frames: 3, skippedFrames: 0, torn: undefined });
  });

  test('begins when the client opens its socket, however late that is', async () => {
    const replay = await createReplayRuntime(items('URL <-> @1', '@1.5: {}'), virtual);
    const late: Client[] = [];
    replay.timers.setTimer(20_000, () => late.push(dial(replay)), 'late');
    expect(replay.clock.now()).toBe(startMs + 1_000);
    await replay.run();
    expect(late[0]?.heard).toEqual(['1000 opened', '1500 {}']);
    expect(replay.clock.monotonic()).toBe(20_500);
  });

  test.each([
    ['cut', 1_006],
    ['close 1012', 1_012],
    ['close 4000', 4_000],
  ])('that ended as "%s" ends so, and the next socket gets the next one', async (end, code) => {
    const replay = await createReplayRuntime(
      items('URL <-> @0', '@1: {"of":1}', `URL <x> @2: ${end}`, 'URL <-> @9', '@9.5: {"of":2}'),
      virtual,
    );
    const first = dial(replay);
    const second = dial(replay);
    expect(await replay.run()).toBe('finished');
    expect(first.heard).toEqual(['0 opened', '1000 {"of":1}', `2000 closed ${code}`]);
    expect(second.heard).toEqual(['9000 opened', '9500 {"of":2}']);
  });

  test('that the client left is closed if another one follows, and stays open at the end', async () => {
    const replay = await createReplayRuntime(
      items('URL <-> @0', '@1: {}', 'URL <x> @2: left', 'URL <-> @3', '@4: {}', 'URL <x> @5: left'),
      virtual,
    );
    const [first, second] = [dial(replay), dial(replay)];
    await replay.run();
    expect(first.heard).toEqual(['0 opened', '1000 {}', '2000 closed 1000']);
    expect(second.heard).toEqual(['3000 opened', '4000 {}']);
  });

  test('goes on over another opening, if its end is not marked', async () => {
    const replay = await createReplayRuntime(
      items('URL <-> @0', '@1: {"a":1}', 'URL <-> @2', '@3: {"a":2}'),
      virtual,
    );
    const [first, second] = [dial(replay), dial(replay)];
    await replay.run();
    expect(first.heard).toEqual(['0 opened', '1000 {"a":1}', '3000 {"a":2}']);
    expect(second.heard).toEqual([]);
  });

  test('without an opening begins with its first frame', async () => {
    const replay = await createReplayRuntime(items('URL <- @0: {}', '@1: {"a":1}', '@3: {"a":2}'), virtual);
    const { heard } = dial(replay);
    await replay.run();
    expect(heard).toEqual(['1000 opened', '1000 {"a":1}', '3000 {"a":2}']);
  });

  test('that the client leaves early is passed over up to its end', async () => {
    const replay = await createReplayRuntime(
      items('URL <-> @0', '@1: {"a":1}', '@50: {"a":2}', 'URL <x> @60: cut', 'URL <-> @70', '@71: {"a":3}'),
      virtual,
    );
    const first = dial(replay);
    const next: Client[] = [];
    replay.timers.setTimer(10_000, () => first.socket.terminate(), 'leave');
    replay.timers.setTimer(11_000, () => next.push(dial(replay)), 'come back');
    expect(await replay.run()).toBe('finished');
    expect(first.heard).toEqual(['0 opened', '1000 {"a":1}', '10000 closed 1006']);
    expect(next[0]?.heard).toEqual(['70000 opened', '71000 {"a":3}']);
    expect(replay.clock.monotonic()).toBe(12_000);
    expect(replay.progress).toMatchObject({ connections: 2, frames: 2, skippedFrames: 1 });
  });

  test('does not go to a dial that was given up', async () => {
    const replay = await createReplayRuntime(
      items('URL <-> @0', '@1: {"of":1}', 'URL <x> @2: cut', 'URL <-> @3', '@4: {"of":2}'),
      virtual,
    );
    const [, second, third] = [dial(replay), dial(replay), dial(replay)];
    await settle();
    second.socket.terminate();
    await replay.run();
    expect(second.heard).toEqual(['0 closed 1006']);
    expect(third.heard).toEqual(['3000 opened', '4000 {"of":2}']);
  });

  test('gives way to the client’s own timers in between', async () => {
    const replay = await createReplayRuntime(items('URL <-> @0', '@1: {}', '@2: {}'), virtual);
    const { heard } = dial(replay);
    for (const delayMs of [500, 1_500, 1_900])
      replay.timers.setTimer(delayMs, () => heard.push(`${replay.clock.monotonic()} timer`), 'own');
    await replay.run();
    expect(heard).toEqual(['0 opened', '500 timer', '1000 {}', '1500 timer', '1900 timer', '2000 {}']);
  });

  test('has its frames adapted', async () => {
    const adapt = (frame: string) => frame.replace('old', 'new');
    const replay = await createReplayRuntime(items('URL <-> @0', '@1: {"id":"old"}'), { ...virtual, adapt });
    const { heard } = dial(replay);
    await replay.run();
    expect(heard).toEqual(['0 opened', '1000 {"id":"new"}']);
  });

  test('closes as the client asks for', async () => {
    const replay = await createReplayRuntime(items('URL <-> @0', '@1: {}'), virtual);
    const { heard, socket } = dial(replay);
    await replay.run();
    socket.close(4_001);
    expect(heard).toHaveLength(2);
    await settle();
    socket.terminate();
    socket.send('nothing');
    await settle();
    expect(heard.slice(2)).toEqual(['1000 closed 4001']);
  });
});

test('every frame of any session comes once, in order, in the millisecond in which it was received', async () => {
  const nanoseconds = fc.nat({ max: 5_000_000_000 });
  const connection = fc.record({
    gap: nanoseconds,
    frames: fc.array(fc.record({ after: nanoseconds, content: fc.integer() }), {
      maxLength: 30,
      size: 'max',
    }),
    code: fc.constantFrom(undefined, 1_001, 3_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(connection, { minLength: 1, maxLength: 5 }), async (connections) => {
      let now = BigInt(seconds) * 1_000_000_000n;
      const later = (by: number): string => {
        now += BigInt(by);
        return `${now / 1_000_000_000n}.${String(now % 1_000_000_000n).padStart(9, '0')}`;
      };
      const lines: string[] = [];
      const expected: string[] = [];
      const note = (line: string, what: string): void => {
        lines.push(line);
        expected.push(`${Number(now / 1_000_000n) - startMs} ${what}`);
      };
      for (const { gap, frames, code } of connections) {
        note(`URL <-> ${later(gap)}`, 'opened');
        for (const { after, content } of frames) note(`${later(after)}: [${content}]`, `[${content}]`);
        note(
          `URL <x> ${later(gap)}: ${code === undefined ? 'cut' : `close ${code}`}`,
          `closed ${code ?? 1_006}`,
        );
      }
      const replay = await createReplayRuntime(items(...lines), virtual);
      const clients = connections.map(() => dial(replay));
      expect(await replay.run()).toBe('finished');
      expect(clients.flatMap(({ heard }) => heard)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

describe('a request', () => {
  const get = (path: string, init?: RequestInit) => new Request(`https://anywhere.test${path}`, init);

  test('gets the recorded answers to its path and query, one each, at their places', async () => {
    const replay = await createReplayRuntime(
      items(
        'https://venue.test/a?n=1 -> @0: {"n":1}',
        'URL <-> @1',
        'https://venue.test/a?n=1 -> @2: {"n":2}',
        'https://venue.test/b -> @2: {"b":1}',
        '@3: {}',
      ),
      virtual,
    );
    const got: string[] = [];
    const ask = async (path: string) => {
      const response = await replay.fetch(get(path));
      got.push(`${replay.clock.now() - startMs} ${path} ${response.status} ${await response.text()}`);
    };
    await ask('/a?n=1');
    dial(replay);
    for (const path of ['/a?n=1', '/a?n=1', '/b?c', '/a']) void ask(path);
    await replay.run();
    expect(got).toEqual(['0 /a?n=1 200 {"n":1}', '2000 /a?n=1 200 {"n":2}']);
    expect(replay.progress.answers).toBe(2);
    await ask('/b');
    expect(got.at(-1)).toBe('3000 /b 200 {"b":1}');
  });

  test('gets a given answer first, again and again', async () => {
    const answers = new Map([['/a', '{"given":1}']]);
    const replay = await createReplayRuntime(items('https://venue.test/a -> @0: {}'), {
      ...virtual,
      answers,
    });
    for (const path of ['/a', '/a?b=c'])
      expect(await (await replay.fetch(get(path))).json()).toEqual({ given: 1 });
  });

  test('waits for the next answer if another one has got the first, and a POST gets none', async () => {
    const answer = 'https://venue.test/a -> @';
    const replay = await createReplayRuntime(
      items('URL <-> @0', `${answer}1: [1]`, `${answer}2: [2]`),
      virtual,
    );
    dial(replay);
    const got: string[] = [];
    for (const method of ['POST', 'GET', 'GET']) {
      const note = async (response: Response) => got.push(`${method} ${await response.text()}`);
      void replay.fetch(get('/a', { method })).then(note);
    }
    await replay.run();
    expect(got).toEqual(['GET [1]', 'GET [2]']);
  });

  test('that is aborted rejects with the reason, and its answer goes to the next one', async () => {
    const replay = await createReplayRuntime(items('URL <-> @0', 'https://venue.test/a -> @1: {}'), virtual);
    dial(replay);
    const abort = new AbortController();
    const reason = new Error('no more');
    const given = replay.fetch(get('/a', { signal: abort.signal }));
    const posted = replay.fetch(get('/a', { method: 'POST', signal: abort.signal }));
    const waiting = replay.fetch(get('/a'));
    abort.abort(reason);
    await expect(given).rejects.toBe(reason);
    await expect(posted).rejects.toBe(reason);
    await replay.run();
    expect((await waiting).headers.get('content-type')).toBe('application/json');
  });
});

describe('a run', () => {
  test('stops when its condition holds, and goes on from there', async () => {
    const replay = await createReplayRuntime(items('URL <-> @0', '@1: {}', '@2: {}', '@3: {}'), virtual);
    const { heard } = dial(replay);
    expect(await replay.run({ until: () => heard.length === 3 })).toBe('condition');
    expect(heard.at(-1)).toBe('2000 {}');
    expect(await replay.run()).toBe('finished');
    expect(heard).toHaveLength(4);
    expect(await replay.run()).toBe('finished');
  });

  test('ends after five minutes in which nobody opens the socket that is due, and can go on', async () => {
    const replay = await createReplayRuntime(items('URL <-> @0', '@1: {}'), virtual);
    const tick = (): void => void replay.timers.setTimer(60_000, tick, 'of somebody who never ends');
    tick();
    expect(await replay.run()).toBe('waiting');
    expect(replay.clock.monotonic()).toBe(300_000);
    const { heard } = dial(replay);
    expect(await replay.run()).toBe('finished');
    expect(heard).toEqual(['0 opened', '1000 {}']);
  });

  test('waits no longer once the socket is open, however long the session is', async () => {
    const replay = await createReplayRuntime(items('URL <-> @0', '@1: {}', '@1000: {}'), virtual);
    replay.timers.setTimer(1_000, () => void dial(replay), 'late');
    expect(await replay.run()).toBe('finished');
  });

  test('stands still while a file is read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'venuekit-replay-'));
    const path = join(folder, 'session.txt');
    const frame = JSON.stringify(['x'.repeat(200)]);
    const lines = Array.from({ length: 2_000 }, (_, at) => `${seconds + at}: ${frame}\n`);
    await writeFile(path, `${streamUrl} <-> ${seconds}\n${lines.join('')}`);
    const replay = await createReplayRuntime(path, virtual);
    const { heard } = dial(replay);
    const tick = (): void => void replay.timers.setTimer(10, tick, 'of the client');
    tick();
    expect(await replay.run()).toBe('finished');
    expect(heard.slice(1)).toEqual(lines.map((_, at) => `${at * 1_000} ${frame}`));
    await rm(folder, { recursive: true });
  });

  test('throws what a handler or a timer of the client throws', async () => {
    const boom = new Error('boom');
    const throwing = () => {
      throw boom;
    };
    const byHandler = await createReplayRuntime(items('URL <-> @0', '@1: {}'), virtual);
    byHandler.openSocket(streamUrl, { maxMessageBytes: 1 }, { opened() {}, message: throwing, closed() {} });
    await expect(byHandler.run()).rejects.toBe(boom);
    const byTimer = await createReplayRuntime(items('URL <-> @0', '@1: {}'), virtual);
    dial(byTimer);
    byTimer.timers.setTimer(500, throwing, 'throws');
    await expect(byTimer.run()).rejects.toBe(boom);
  });

  test('of a file with a bad line throws when it gets there, and of one that breaks off says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'venuekit-replay-'));
    const path = join(folder, 'session.txt');
    try {
      await writeFile(path, `${streamUrl} <-> 1\n2: {}\nbad\n`);
      const bad = await createReplayRuntime(path, virtual);
      const { heard } = dial(bad);
      await expect(bad.run()).rejects.toThrow(`${path}, line 3: expected`);
      expect(heard).toHaveLength(2);
      await writeFile(path, `${streamUrl} <-> 1\n2: {}\n3: {`);
      await using torn = await createReplayRuntime(path, virtual);
      dial(torn);
      expect(await torn.run()).toBe('finished');
      expect(torn.progress.torn).toMatchObject({ kind: 'torn', line: 3 });
      await expect(createReplayRuntime(join(folder, 'none'), virtual)).rejects.toThrow(
        'there is no such file',
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('is over when the replay is closed', async () => {
    const replay = await createReplayRuntime(items('URL <-> @0', '@1: {}'), virtual);
    const running = replay.run();
    await replay.close();
    await replay.close();
    expect(await running).toBe('closed');
    expect(await replay.run()).toBe('closed');
  });
});

test('chance and identifiers follow from the seed alone', async () => {
  const draw = async (seed?: string) => {
    const { random, ids, close } = await createReplayRuntime([], { ...virtual, ...(seed && { seed }) });
    const drawn = [random.next('a'), random.next('a'), ids.next('order'), ids.next('order')];
    await close();
    return drawn;
  };
  expect(await draw()).toEqual(await draw('replay'));
  expect(new Set([...(await draw()), ...(await draw('other'))]).size).toBe(8);
});

test('chance of the kit itself makes what a book needs no later than it was, and audits no earlier', async () => {
  for (const seed of ['a', 'b']) {
    const { random } = await createReplayRuntime([], { ...virtual, seed });
    expect(random.next('stream-backoff')).toBe(0);
    expect(random.next('book-audit')).toBe(0);
  }
});

describe('time at a speed', () => {
  test('passes by itself, so many times as fast', async () => {
    const real = createManualRuntime({ startMs: 0 });
    const replay = await createReplayRuntime(items('URL <-> @0', '@1: {"a":1}', '@5: {"a":2}'), {
      ...{ speed: 10, runtime: real },
    });
    const { heard } = dial(replay);
    const ended = replay.run();
    replay.timers.setTimer(2_000, () => heard.push(`${replay.clock.now() - startMs} timer`), 'own');
    await real.advance(100);
    expect(heard).toEqual(['0 opened', '1000 {"a":1}']);
    await real.advance(399);
    expect(heard).toHaveLength(3);
    await real.advance(1);
    expect(heard.slice(2)).toEqual(['2000 timer', '5000 {"a":2}']);
    expect(await ended).toBe('finished');
    expect(real.waiting).toEqual([]);
  });

  test('leaves no timer behind when it is closed', async () => {
    const real = createManualRuntime();
    const replay = await createReplayRuntime(items('URL <-> @0', '@100: {}'), { speed: 1, runtime: real });
    dial(replay);
    const ended = replay.run();
    replay.timers.setTimer(50, () => {}, 'own');
    await settle();
    expect(real.waiting).toHaveLength(2);
    await replay.close();
    expect(await ended).toBe('closed');
    expect(real.waiting).toEqual([]);
  });

  test('in which the process was busy catches up in order', async () => {
    const real = createManualRuntime();
    const replay = await createReplayRuntime(
      items('URL <-> @0', '@1: [1]', '@2: [2]', '@3: [3]', '@9: [4]'),
      {
        ...{ speed: 1, runtime: real },
      },
    );
    const { heard } = dial(replay);
    await settle();
    real.stall(5_000);
    await real.advance(0);
    expect(heard.slice(1)).toEqual(['5000 [1]', '5000 [2]', '5000 [3]']);
    await replay.close();
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('cannot be %s', async (speed) => {
    await expect(createReplayRuntime([], { speed })).rejects.toMatchObject({ code: 'invalid-options' });
  });
});
