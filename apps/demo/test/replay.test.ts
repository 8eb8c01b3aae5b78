import { readFile } from 'node:fs/promises';
import { realSession, sessions } from '@venuekit/tooling-vitest/recordings';
import { describe, expect, test } from 'vitest';
import type { Report } from '../src/report.ts';
import { runDemo } from './child.ts';
import { expectSession } from './models/recording-model.ts';

function parseReport(stdout: string): Report {
  const lines = stdout.trimEnd().split('\n');
  expect(lines, stdout).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Report;
}

function bestsOf(pairs: Readonly<Record<string, { bid: string | null; ask: string | null }>>) {
  return Object.fromEntries(Object.entries(pairs).map(([pair, { bid, ask }]) => [pair, { bid, ask }]));
}

function total(report: Report, count: 'applied' | 'dropped' | 'gaps' | 'resyncs'): number {
  return Object.values(report.pairs).reduce((sum, pair) => sum + pair[count], 0);
}

describe.each(sessions)('$name', { concurrent: true }, ({ name, sessionFile, productsFile, present }) => {
  const replay = ['--replay', sessionFile, '--products', productsFile, '--json'];

  test.skipIf(!present).each(['20', 'max'])(
    `${name}: replayed at speed %s, it ends with what the file says`,
    async (speed) => {
      const expected = expectSession(await readFile(sessionFile, 'utf8'));
      await using demo = await runDemo(...replay, '--speed', speed);
      expect(demo.stderr).not.toMatch(/Error|at .*\.ts:/);
      expect(demo.code, demo.stderr).toBe(0);
      const report = parseReport(demo.stdout);
      expect(report.ok).toBe(true);
      for (const [pair, { bid, ask, applied, dropped }] of Object.entries(expected.pairs)) {
        const quiet = { state: 'live', gaps: 0, resyncs: 0 };
        expect(report.pairs[pair], pair).toEqual({ bid, ask, applied, dropped, ...quiet });
      }
      expect(Object.keys(report.pairs).sort()).toEqual(Object.keys(expected.pairs).sort());
      expect(report.trades).toEqual(expected.trades);
    },
  );

  test.skipIf(!present)(`${name}: a lost connection and a lost message are found and mended`, async () => {
    const expected = expectSession(await readFile(sessionFile, 'utf8'));
    const faults = ['--fault', 'drop@3', '--fault', 'gap@5'];
    await using demo = await runDemo(...replay, '--speed', '20', ...faults);
    expect(demo.code, demo.stderr).toBe(0);
    const report = parseReport(demo.stdout);
    expect(report.ok).toBe(true);
    expect(bestsOf(report.pairs)).toEqual(bestsOf(expected.pairs));
    expect(total(report, 'resyncs')).toBeGreaterThan(0);
    expect(demo.stderr).toContain('book live again');
  });
});

test.skipIf(!realSession.present)(
  'the real session gives the numbers that were checked by hand',
  { concurrent: true },
  async () => {
    const { sessionFile } = realSession;
    // Without --products: the file beside the session is found.
    await using demo = await runDemo('--replay', sessionFile, '--speed', '20', '--json');
    expect(demo.code, demo.stderr).toBe(0);
    const report = parseReport(demo.stdout);
    expect(bestsOf(report.pairs)).toEqual({
      'CHZ-USDT': { bid: '0.626579', ask: '0.636898' },
      'SRM-BTC': { bid: '0.00011224', ask: '0.000112528' },
      'EGLD-USDT': { bid: '209.1829', ask: '216.8294' },
      'ZIG-USDT': { bid: '0.097014', ask: '0.097499' },
      'ALTBULL-USDT': { bid: '1403.8', ask: '1442.7' },
      'NEO-USDT': { bid: '94.533', ask: '94.875' },
      'XDAI-USDT': { bid: '1.0004', ask: '1.0067' },
      'CHR-USDT': { bid: '0.37128', ask: '0.37328' },
      'ROOM-USDT': { bid: '1.9195', ask: '1.9199' },
      'DIVI-USDT': { bid: '0.05867', ask: '0.05912' },
    });
    expect(total(report, 'applied')).toBe(269);
    expect(total(report, 'dropped')).toBe(8);
    expect(total(report, 'gaps')).toBe(0);
    expect(
      report.trades.map(({ pair, price, amount, side, seqnum }) => [pair, price, amount, side, seqnum]),
    ).toEqual([
      ['CHZ-USDT', '0.624801', '10', 'sell', '27772246859'],
      ['CHZ-USDT', '0.6248', '416', 'sell', '27772246861'],
      ['NEO-USDT', '94.595', '1.04', 'sell', '36028838561668184'],
      ['ROOM-USDT', '1.9197', '43.4', 'sell', '144115207815068068'],
    ]);
  },
);
