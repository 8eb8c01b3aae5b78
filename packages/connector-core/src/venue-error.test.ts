import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { isVenueError, VenueError } from './venue-error.ts';

test('says who, what, expected and got, and keeps its cause', () => {
  const cause = new Error('socket hang up');
  const error = new VenueError({
    code: 'transport',
    venue: 'ascendex',
    operation: 'fetchBook',
    message: 'expected a reply from example.test, got a closed connection',
    cause,
  });
  expect(error.message).toBe(
    '[ascendex] fetchBook: expected a reply from example.test, got a closed connection',
  );
  expect(error.cause).toBe(cause);
  expect(error).toBeInstanceOf(Error);
  expect(inspect(error)).toContain('VenueError');
});

test('an error of another installed copy is recognised by its brand', () => {
  const foreign = Object.assign(new Error('far away'), {
    [Symbol.for('venuekit.error')]: true,
    code: 'stale',
  });
  expect(isVenueError(foreign)).toBe(true);
  expect(foreign instanceof VenueError).toBe(true);
  expect(isVenueError(new Error('plain'))).toBe(false);
  expect(isVenueError(undefined)).toBe(false);
});

test('an error is an instance of the subclass it was made by, and of no other', () => {
  class OrderError extends VenueError {}
  class BalanceError extends VenueError {}
  const order = new OrderError({ code: 'invalid-order', message: 'too small' });
  expect(order).toBeInstanceOf(OrderError);
  expect(order).toBeInstanceOf(VenueError);
  expect(isVenueError(order)).toBe(true);
  expect(order).not.toBeInstanceOf(BalanceError);
  expect(new VenueError({ code: 'stale', message: 'old' })).not.toBeInstanceOf(OrderError);
  for (const value of [undefined, null, 'text', {}]) expect(value).not.toBeInstanceOf(OrderError);
});
