import { expect, test } from 'vitest';
import { commandAgain, failureAgain } from './command-again.ts';
import { parseCommand } from './command-line.ts';
import { differencesBetween } from './difference.ts';
import { holds } from './judgement.ts';
import type { LaneReport, PassReport } from './lane-report.ts';
import type { SeedRecord } from './messages.ts';
import { equality } from './report-text.ts';
import { withRow } from './scorecard.ts';

const pass = (name: PassReport['name'], seeds: number, node = 'v24.1.0'): PassReport => {
  return { name, node, seeds, resumed: 0, gaveUp: false };
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

test('has no other table when its row is written again, also after somebody has aligned it', () => {
  const once = withRow(document, report, 'c', '2020-01-01');
  expect(withRow(once, report, 'c', '2020-01-01')).toBe(once);
  const aligned = once.replace('| toy |', '| toy          |').replaceAll('| --- |', '| :------------: |');
  expect(withRow(aligned, report, 'c', '2020-01-01')).toBe(once);
});

test('has a command for a failure that names all it may need: mutant, list, and the Node where it failed', () => {
  const nodes = ['--node', '/opt/a node', '--list', 'toys.ts'];
  const compared = parseCommand(['--only', 'toy', ...nodes, '--compare', 'node@22.20.0']);
  const plain = 'npx -y pnpm@12 test:soak --only toy --seed s-1';
  const again = (pass: PassReport['name']): string => failureAgain(compared, 'toy', { pass, seed: 's-1' });
  expect(again('first')).toMatch(`${plain} --node '/opt/a node' --list `);
  expect(again('again')).toBe(again('first'));
  expect(again('compare')).toMatch(`${plain} --node node@22.20.0 --list `);
  const mutant = parseCommand(['--only', 'toy', '--mutant', 'all']);
  expect(failureAgain({ ...mutant, mutant: 'one' }, 'toy', { pass: 'first', seed: 's-1' })).toBe(
    `${plain} --mutant one`,
  );
});

test.each<readonly [string, Partial<LaneReport>]>([
  ['a violation', { failures: [{ seed: 's-1', violations: [], pass: 'first' }] }],
  ['a difference', { differences: [{ seed: 's-1', message: 'm' }] }],
  ['too little that happened', { shortfalls: ['add: few'] }],
  ['a pass that repeated only a part', { passes: [pass('first', 9), pass('again', 5)] }],
  ['a pass that gave up', { passes: [{ ...pass('first', 9), gaveUp: true }] }],
])('does not hold with %s', (_title, changed) => {
  expect(holds(report)).toBe(true);
  expect(holds({ ...report, ...changed })).toBe(false);
});
