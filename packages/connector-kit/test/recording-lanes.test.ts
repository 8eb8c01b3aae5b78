import { describe, expect, test } from 'vitest';
import { createReplayRuntime, type ReplayOptions, type ReplayRuntime } from '../src/recording/index.ts';
import { type Client, createListener, dial, items, startMs, streamUrl } from './recording-venue.ts';

const virtual = { speed: 'virtual' } as const satisfies ReplayOptions;

describe('lanes', () => {
  /** A client that opens its socket again whenever it has lost it. */
  function dialAgain(replay: ReplayRuntime, heard: string[], name: string): void {
    const { handlers } = createListener(replay);
    const note = (what: string) => heard.push(`${replay.clock.now() - startMs} ${name} ${what}`);
    replay.openSocket(
      streamUrl,
      { maxMessageBytes: 1_000 },
      {
        ...handlers,
        opened: () => note('opened'),
        message: (bytes) => note(new TextDecoder().decode(bytes)),
        closed: () => {
          note('closed');
          dialAgain(replay, heard, name);
        },
      },
    );
  }

  const first = items(
    ...['URL <-> @0', '@1: [1]', 'URL <x> @3: cut', 'URL <-> @4', '@5: [2]', 'URL <x> @6: cut'],
  );
  const second = items(
    ...['URL <-> @0.5', '@1.5: [3]', 'URL <x> @3.5: cut', 'URL <-> @4.25', '@5.5: [4]', 'URL <x> @9: cut'],
  );

  test('are played at once, each with its sockets, at the recorded times', async () => {
    const replay = await createReplayRuntime(first, { ...virtual, lanes: [second] });
    const heard: string[] = [];
    for (const name of ['A', 'B']) dialAgain(replay, heard, name);
    expect(await replay.run()).toBe('finished');
    expect(heard).toEqual([
      ...['0 A opened', '500 B opened', '1000 A [1]', '1500 B [3]', '3000 A closed', '3500 B closed'],
      ...['4000 A opened', '4250 B opened', '5000 A [2]', '5500 B [4]', '6000 A closed', '9000 B closed'],
    ]);
    expect(replay.progress).toMatchObject({ connections: 4, frames: 4, skippedFrames: 0 });
  });

  test('give the place of a dial that was given up to the next one', async () => {
    const third = items('URL <-> @0.6', '@2: [5]');
    const replay = await createReplayRuntime(first, { ...virtual, lanes: [second, third] });
    dial(replay);
    const early = dial(replay);
    replay.timers.setTimer(250, () => early.socket.terminate(), 'give up');
    const later: Client[] = [];
    for (const delayMs of [300, 1_000])
      replay.timers.setTimer(delayMs, () => later.push(dial(replay)), 'come back');
    await replay.run();
    expect(early.heard).toEqual(['250 closed 1006']);
    expect(later.map(({ heard }) => heard.slice(0, 2))).toEqual([
      ['500 opened', '1500 [3]'],
      ['1000 opened', '2400 [5]'],
    ]);
  });

  test('that wait for nobody end the run when nothing is played any more', async () => {
    const long = items('URL <-> @0', '@1: [1]', '@1000: [2]');
    const replay = await createReplayRuntime(long, { ...virtual, lanes: [second] });
    dial(replay);
    expect(await replay.run()).toBe('waiting');
    expect(replay.progress).toMatchObject({ connections: 1, frames: 2 });
  });
});
