import { isRequired, testNeeding } from '@venuekit/tooling-vitest/requirement';
import { expect, test } from 'vitest';

/** A test framework that writes down what it is told. */
function notedTests() {
  const noted: { name: string; how: 'run' | 'skip'; run: () => Promise<void> | void }[] = [];
  const add = (how: 'run' | 'skip') => (name: string, run: () => Promise<void> | void) =>
    void noted.push({ name, how, run });
  return { noted, test: Object.assign(add('run'), { skip: add('skip') }) };
}

test.each([
  ['', false],
  ['recordings', false],
  ['node22', true],
  ['recordings, node22,', true],
])('of %j the oldest Node is required: %s', (setting, required) => {
  expect(isRequired('node22', setting)).toBe(required);
});

test.each(['node', 'node22 recordings', 'node22,typo'])(
  '%j asks for nothing that a test needs',
  (setting) => {
    expect(() => isRequired('node22', setting)).toThrow('expected some of node22, recordings, redis, got');
  },
);

test('a test is run where it can be, and skipped by name where it cannot', async () => {
  const { noted, test: fake } = notedTests();
  let runs = 0;
  const run = () => {
    runs += 1;
  };
  testNeeding(fake, { requirement: 'recordings', present: true, required: false }, 'replays a session', run);
  testNeeding(fake, { requirement: 'recordings', present: false, required: false }, 'replays a session', run);
  expect(noted.map(({ name, how }) => [how, name])).toEqual([
    ['run', 'replays a session (needs recordings)'],
    ['skip', 'replays a session (needs recordings)'],
  ]);
  await noted[0]?.run();
  expect(runs).toBe(1);
});

test('a test that is required and cannot be run fails, and does not pass', () => {
  const { noted, test: fake } = notedTests();
  testNeeding(
    fake,
    { requirement: 'node22', present: false, required: true },
    'gives equal hashes',
    () => {},
  );
  expect(noted.map(({ how }) => how)).toEqual(['run']);
  expect(() => noted[0]?.run()).toThrow('expected node22 on this machine');
});
