// biome-ignore-all lint/correctness/noUndeclaredDependencies: somebody else's program, who has installed the package.
import assert from 'node:assert/strict';
// @boundaries-ignore somebody else's program, who has installed the package
import {
  createVenueRegistry,
  decimal,
  intervalStartMs,
  isVenueError,
  orderTransitions,
  parseInterval,
  VenueError,
} from '@venuekit/connector-core';

/** Counts money, and tells one error from another. */
function main(): void {
  const cost = decimal('0.1').plus('0.2').times(10_000_000_000_000_000_000n);
  assert.equal(cost.toString(), '3000000000000000000');
  assert.equal(decimal('2').dividedBy('3', { decimalPlaces: 4, rounding: 'half-even' }).toString(), '0.6667');
  assert.equal(JSON.stringify({ price: decimal('1e-12') }), '{"price":"0.000000000001"}');
  // @ts-expect-error A float is no amount.
  assert.throws(() => decimal('1').plus(0.5), TypeError);
  assert.equal(parseInterval('15m').lengthMs, 900_000);
  assert.equal(intervalStartMs('1M', Date.UTC(2024, 1, 29)), Date.UTC(2024, 1, 1));
  assert.equal(orderTransitions.sent.uncertain.outcome, 'applies');
  assert.deepEqual(createVenueRegistry([]).venues, []);
  const error: unknown = new VenueError({ code: 'timeout', venue: 'somewhere', message: 'expected a reply' });
  assert.ok(isVenueError(error) && error.code === 'timeout' && error instanceof Error);
  console.log('used');
}

main();
