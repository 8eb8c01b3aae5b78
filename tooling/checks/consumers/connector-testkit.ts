// biome-ignore-all lint/correctness/noUndeclaredDependencies: somebody else's program, who has installed the package.
import assert from 'node:assert/strict';
// @boundaries-ignore somebody else's program, who has installed the package
import * as testkit from '@venuekit/connector-testkit';

assert.ok(Object.keys(testkit).length > 0);
console.log('used');
