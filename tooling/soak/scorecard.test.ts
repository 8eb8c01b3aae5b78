import { expect, test } from 'vitest';
import { commandAgain } from './command-again.ts';
import { parseCommand } from './command-line.ts';
import { differencesBetween } from './difference.ts';
import type { LaneReport, PassReport } from './lane.ts';
import type { SeedRecord } from './messages.ts';
import { equality } from './report-text.ts';
import { withRow } from './scorecard.ts';

const pass = (name: PassReport['name'], seeds: number, node = 'v24.1.0'): PassReport => {
  return { name, node, seeds, resumed: 0 };
};
const report: LaneReport = {
  ...{ simulation: 'toy', firstSeed: 'abc-1', commit: 'abc', mutant: undefined, workers: 2, planned: 9 },
  ...{ passes: [pass('first', 9), pass('compare', 9, 'v22.2.0')], steps: 1, virtualMs: 1, counts: {} },
  ...{ seedsPerMinute: undefined, shortfalls: [], failures: [], failureText: undefined, differences: [] },
};
const document = '<!-- soak: written by `test:soak --write` -->\n<!-- end of soak -->\n';
const record: SeedRecord = {
  ...{ seed: 's-1', hash: 'abc', steps: 1, virtualMs: 1, violations: [], counts: { add: 1 }, ms: 1 },
};

test.each<readonly [string, Partial<SeedRecord>, string]>([
  ['counts', { counts: { add: 2 } }, 'counts {"add":1} in the first pass'],
  ['violations', { violations: [{ invariant: 'I1', message: 'm', atMs: 1 }] }, 'violations [] in the first'],
  ['steps', { steps: 2 }, 'steps 1 in the first pass'],
  ['a result in the second pass alone', { hash: '' }, 'hash abc in the first pass on v24.1.0, none'],
])('tells of different %s, either way round', (_title, other, message) => {
  const [first, second] = report.passes.map((each) => ({ report: each, records: [record] }));
  const changed = { report: pass('compare', 1), records: [{ ...record, ...other }] };
  expect(differencesBetween(first!, second!)).toEqual([]);
  const lost = { ...first!, records: [{ ...record, hash: '' }] };
  expect(differencesBetween(lost, lost)).toHaveLength(1);
  expect(differencesBetween(first!, changed)).toEqual([
    { seed: 's-1', message: expect.stringContaining(message) },
  ]);
  expect(differencesBetween(changed, first!)).toHaveLength(1);
});

test('does not count what a later pass did not come to as compared', () => {
  const passes = [pass('first', 9), pass('again', 5)];
  const differences = [{ seed: 's-1', message: 'm' }];
  expect(equality({ passes, differences })).toBe('4 of 5 results the same again, 4 not repeated');
});

test('has all violations in its row, and what happened too rarely', () => {
  const failures = Array.from({ length: 23 }, (_, at) => {
    return { seed: `s-${at}`, violations: [], pass: 'first' as const };
  });
  const row = withRow(document, { ...report, failures, shortfalls: ['add: few'] }, 'c', '2020-01-01');
  expect(row).toContain('| 23; too little: add: few | 9 of 9 results the same again |');
  expect(row).toContain('| not measured | 24.1.0, 22.2.0 |');
});

test('has the command that repeats the run, with Nodes by their versions', () => {
  const args = ['--only', 'toy', '--minutes', '5', '--write', '--compare', '/opt/node', '--twice'];
  expect(commandAgain(parseCommand(args), report)).toBe(
    'test:soak --only toy --seeds 9 --from abc --twice --compare node@22.2.0',
  );
});
