// biome-ignore-all lint/correctness/noUndeclaredDependencies: somebody else's program, who has installed the package.
import assert from 'node:assert/strict';
// @boundaries-ignore somebody else's program, who has installed the package
import { createAscendexSpot } from '@venuekit/ascendex-spot';
// @boundaries-ignore somebody else's program, who has installed the package
import { isVenueError } from '@venuekit/connector-core';

/** Makes connectors that never connect: one is refused for its URL, one is closed before its first byte. */
async function main(): Promise<void> {
  assert.throws(
    () =>
      createAscendexSpot({ endpoints: { restUrl: 'ftp://exchange.test', streamUrl: 'ws://exchange.test' } }),
    (error) => isVenueError(error) && error.code === 'invalid-options' && error.message.includes('ftp:'),
  );
  const endpoints = { restUrl: 'http://127.0.0.1:1', streamUrl: 'ws://127.0.0.1:1' };
  const venue = createAscendexSpot({ endpoints });
  assert.equal(venue.capabilities.marketData.bookIntegrity, 'sequence');
  await venue.close();
  await assert.rejects(venue.connect(), (error) => isVenueError(error) && error.code === 'closed');
  console.log('used');
}

void main();
