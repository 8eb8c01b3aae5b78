import { expect, test } from 'vitest';
import { isLimitError, LimitError } from '../src/index.ts';

test('an error carries what it is made of', () => {
  const cause = new Error('why');
  const error = new LimitError({
    code: 'deadline',
    message: 'too late',
    limit: 'a',
    field: 'weight',
    retryAfterMs: 5,
    cause,
  });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'LimitError', code: 'deadline', message: 'too late' });
  expect(error).toMatchObject({ limit: 'a', field: 'weight', retryAfterMs: 5, cause });
  expect(String(error)).toBe('LimitError: too late');
});

test('an error without a cause has none, and one that is undefined is kept', () => {
  expect('cause' in new LimitError({ code: 'closed', message: '' })).toBe(false);
  expect('cause' in new LimitError({ code: 'closed', message: '', cause: undefined })).toBe(true);
});

test('another installed copy knows the errors of this one, and the other way round', async () => {
  // A query makes the loader load the module a second time, as a second copy on disk would.
  const copy: typeof import('../src/limit-error.ts') = await import(`../src/limit-error.ts?${'copy'}`);
  expect(copy.LimitError).not.toBe(LimitError);
  const [own, others] = [LimitError, copy.LimitError].map(
    (Class) => new Class({ code: 'closed', message: '' }),
  );
  expect(own instanceof copy.LimitError).toBe(true);
  expect(others instanceof LimitError).toBe(true);
  expect(isLimitError(others)).toBe(true);
  expect(copy.isLimitError(own)).toBe(true);
});

test('nothing else is taken for one', () => {
  for (const value of [
    undefined,
    null,
    'closed',
    7,
    {},
    new Error('closed'),
    { code: 'closed', name: 'LimitError' },
  ])
    expect(isLimitError(value)).toBe(false);
});

test('a class made from it goes by its own prototype', () => {
  class Narrow extends LimitError {}
  const [wide, narrow] = [LimitError, Narrow].map((Class) => new Class({ code: 'closed', message: '' }));
  expect(wide instanceof Narrow).toBe(false);
  expect(narrow instanceof Narrow).toBe(true);
  expect(narrow instanceof LimitError).toBe(true);
});

test('the brand is not shown where errors are printed or copied', () => {
  const error = new LimitError({ code: 'closed', message: 'gone' });
  expect(Object.keys(error).sort()).toEqual(['code', 'field', 'limit', 'name', 'retryAfterMs']);
  expect(Object.getOwnPropertySymbols({ ...error })).toEqual([]);
});
