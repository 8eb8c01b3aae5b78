import { realSession, sessions } from '@venuekit/tooling-vitest/recordings';
import { describe, expect, test } from 'vitest';
import { finish, type LoadedSession, loadSession, runReplay, tops, trueTops } from './replayed-session.ts';

interface Removal {
  readonly pair: string;
  readonly number: bigint;
  readonly place: 'before its snapshot' | 'in the middle' | 'last of its market';
}

function removals({ truth }: LoadedSession): Removal[] {
  return [...truth.markets].flatMap(([pair, { before, after }]) => [
    ...before.map((number): Removal => ({ pair, number, place: 'before its snapshot' })),
    ...after.map((number, at): Removal => {
      return { pair, number, place: at === after.length - 1 ? 'last of its market' : 'in the middle' };
    }),
  ]);
}

/** Plays the session without one message and looks at what its market said. */
async function tryRemoval(session: LoadedSession, { pair, number, place }: Removal): Promise<void> {
  const symbol = pair.replace('-', '/');
  const run = await runReplay(session, {
    watched: pair,
    removeDepth: (of, seqnum) => of === symbol && seqnum === number,
  });
  const { handle, events } = run.markets.get(pair)!;
  const outcomes = await finish(run);
  const notice = events.find((event) => event.kind === 'book' && event.state === 'resyncing');
  const name = `${pair} without ${number}`;
  if (place === 'before its snapshot') {
    expect(handle.book.stats, name).toMatchObject({ gaps: 0, resyncs: 0 });
  } else if (place === 'in the middle') {
    // The reason names the message at which the book went: the very next one.
    expect(notice, name).toMatchObject({ reason: `message ${number + 1n} where ${number} was due` });
    expect(events.indexOf(notice!), name).toBe(
      events.findIndex((event) => event.kind === 'book' && event.sequence === number - 1n) + 1,
    );
    expect(handle.book.stats, name).toMatchObject({ gaps: 1, resyncs: 1 });
  } else {
    expect(notice, name).toBeUndefined();
    expect(outcomes.get(pair), name).toBe('silent');
    await handle.book.whenLive({ timeoutMs: 10_000 });
    expect(handle.book.stats, name).toMatchObject({ gaps: 0, silences: 1, resyncs: 1 });
  }
  expect(tops(run.markets), name).toEqual(trueTops(session.truth));
  for (const [other, { handle: untouched }] of run.markets) {
    if (other !== pair)
      expect(untouched.book.stats, `${name}: ${other}`).toMatchObject({ gaps: 0, resyncs: 0 });
  }
  await run.close();
}

for (const session of sessions) {
  describe.skipIf(!session.present)(session.name, () => {
    test('any single missing message is noticed at the next one of its market, or by an audit', {
      timeout: 180_000,
    }, async () => {
      const loaded = await loadSession(session);
      const cases = removals(loaded);
      // Where the real session is, the synthetic one only has to show that it would serve.
      const step = session !== realSession && realSession.present ? 7 : 1;
      const waiting = cases.filter((_, at) => at % step === 0);
      const worker = async () => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
          await tryRemoval(loaded, next);
      };
      // Several at a time: a replay mostly waits for its sockets.
      await Promise.all(Array.from({ length: 6 }, worker));
      const count = (place: Removal['place']) => cases.filter((one) => one.place === place).length;
      const counts = [count('before its snapshot'), count('in the middle'), count('last of its market')];
      if (session.name.startsWith('real')) expect(counts).toEqual([8, 260, 9]);
      else expect(Math.min(...counts)).toBeGreaterThan(0);
    });
  });
}
