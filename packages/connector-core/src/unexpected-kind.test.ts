import { expect, test } from 'vitest';
import { unexpectedKind } from './index.ts';

test('a kind that a newer contract brings is a typed error that names it', () => {
  const later = { kind: 'order-teleported', order: {} } as never;
  expect(() => unexpectedKind(later)).toThrow(
    expect.objectContaining({
      code: 'contract-mismatch',
      message: expect.stringContaining('"order-teleported"'),
    }),
  );
  expect(() => unexpectedKind('odd' as never)).toThrow('"odd"');
  expect(() => unexpectedKind(undefined as never)).toThrow(expect.objectContaining({ name: 'VenueError' }));
});
