import type { BookEvent, LiveBook } from '@venuekit/connector-core';
import { type Fault, parseFault } from '@venuekit/exchange-simulator';
import { sessions } from '@venuekit/tooling-vitest/recordings';
import { describe, expect, test } from 'vitest';
import {
  finish,
  loadSession,
  type RunningReplay,
  runReplay,
  tops,
  total,
  trueTops,
} from './replayed-session.ts';

/** From the event that says so until the one that says otherwise, a book is not live: reading it in between gives no price. */
function stories(run: RunningReplay): string[] {
  return [...run.markets.values()].map(({ events }) =>
    events
      .map((event: BookEvent) => (event.kind === 'gap' ? 'gap' : event.state))
      .filter(isNews)
      .join(' '),
  );
}

function isNews(word: string, at: number, words: string[]): boolean {
  return word !== words[at - 1];
}

const faults = (...texts: string[]): Fault[] => texts.map((text) => parseFault(text));

for (const session of sessions) {
  describe.skipIf(!session.present)(session.name, () => {
    const play = async (texts: string[], speed: number | 'max' = 20) => {
      const loaded = await loadSession(session);
      const run = await runReplay(loaded, { speed, faults: faults(...texts) });
      const outcomes = await finish(run);
      const { truth } = loaded;
      return { run, outcomes, truth };
    };

    test('a dropped connection and a missing message of every market end in the same prices', async () => {
      const { run, outcomes, truth } = await play(['drop@3', 'gap@5']);
      expect(new Set(outcomes.values())).toEqual(new Set(['equal']));
      expect(tops(run.markets)).toEqual(trueTops(truth));
      expect(run.simulator.stats.connections.total).toBe(2);
      const missed = run.simulator.stats.faults.gap;
      expect(missed).toBeGreaterThan(5);
      expect(total(run.markets, 'gaps')).toBe(missed);
      for (const [at, story] of stories(run).entries()) {
        const { handle } = [...run.markets.values()][at]!;
        const one = 'opening live stale resyncing gap live';
        expect(story).toBe(handle.book.stats.gaps === 1 ? `${one} resyncing gap live` : one);
      }
      await run.close();
    });

    test('a repeated message is left out, two that changed places cost a resync at most', async () => {
      const { run, truth } = await play(['duplicate@2', 'reorder@6']);
      expect(tops(run.markets)).toEqual(trueTops(truth));
      const { duplicate, reorder } = run.simulator.stats.faults;
      expect(duplicate).toBeGreaterThan(5);
      expect(reorder).toBeGreaterThan(4);
      const repeated = [...run.markets.values()].reduce(
        (sum, { handle }) => sum + handle.book.stats.repeated,
        0,
      );
      expect(repeated).toBeGreaterThanOrEqual(duplicate);
      expect(total(run.markets, 'gaps')).toBe(reorder);
      await run.close();
    });

    test('a frame cut in half is told, and its market comes back', async () => {
      const loaded = await loadSession(session);
      const run = await runReplay(loaded, { speed: 20, faults: faults('malformed@2') });
      const told: string[] = [];
      run.venue.events.subscribe((event) => {
        if (event.kind === 'data-refused') told.push(event.error.code);
      });
      await finish(run);
      expect(told.length).toBe(run.simulator.stats.faults.malformed);
      expect(told.length).toBeGreaterThan(5);
      expect(new Set(told)).toEqual(new Set(['protocol']));
      expect(tops(run.markets)).toEqual(trueTops(loaded.truth));
      await run.close();
    });

    test('late snapshots keep every change for later', async () => {
      const { run, truth } = await play(['slow-snapshot@0+8']);
      expect(tops(run.markets)).toEqual(trueTops(truth));
      expect(total(run.markets, 'gaps')).toBe(0);
      await run.close();
    });

    test('after a silence every book that missed something is found and repaired', async () => {
      const { run, truth } = await play(['silence@4+6']);
      expect(tops(run.markets)).toEqual(trueTops(truth));
      expect(run.simulator.stats.frames.withheld).toBeGreaterThan(0);
      await run.close();
    });
  });
}

test('while a book is not live there is no price, in any way of asking', async () => {
  const [session] = sessions.filter(({ present }) => present);
  const loaded = await loadSession(session!);
  const run = await runReplay(loaded, { speed: 20, faults: faults('drop@3', 'gap@5') });
  const seen = new Set<string>();
  for (const { handle } of run.markets.values()) {
    handle.book.subscribe((event) => {
      if (event.kind === 'gap' || event.state === 'live') return;
      seen.add(event.state);
      const view = handle.book.read();
      expect(Object.keys(view).sort()).toEqual(['pair', 'reason', 'state']);
      expect((view as Partial<LiveBook>).bestBid).toBeUndefined();
      expect(() => handle.book.bestBid()).toThrow(expect.objectContaining({ code: 'stale' }));
      expect(() => handle.book.bestAsk()).toThrow(expect.objectContaining({ code: 'stale' }));
    });
  }
  await finish(run);
  expect([...seen].sort()).toEqual(['opening', 'resyncing', 'stale']);
  await run.close();
});
