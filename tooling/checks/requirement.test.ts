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
  ['redis', false],
  ['browser', true],
  ['redis, browser', true],
  ['browserless', false],
])('of %j the browser is required: %s', (setting, required) => {
  expect(isRequired('browser', setting)).toBe(required);
});

test('a test is run where it can be, and skipped by name where it cannot', async () => {
  const { noted, test: fake } = notedTests();
  let runs = 0;
  const run = () => {
    runs += 1;
  };
  testNeeding(fake, { requirement: 'redis', present: true, required: false }, 'shares a limit', run);
  testNeeding(fake, { requirement: 'redis', present: false, required: false }, 'shares a limit', run);
  expect(noted.map(({ name, how }) => [how, name])).toEqual([
    ['run', 'shares a limit (needs redis)'],
    ['skip', 'shares a limit (needs redis)'],
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
