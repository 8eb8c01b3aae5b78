/**
 * Proves that a connector keeps the contract: the numbered cards of the testkit, one test each. What the connector does not claim
 * is skipped by name, and asking for it is proven to be refused. The same lines work with `test` of vitest.
 */
import test from 'node:test';
import type { Runtime } from '@venuekit/connector-core';
import { describeTarget } from '@venuekit/connector-testkit';
import { createImaginarySpot } from './03-connector-in-memory.ts';

const target = {
  name: 'imaginary',
  capabilities: createImaginarySpot().capabilities,
  pair: 'GOLD-COIN',
  create: (runtime: Runtime) => createImaginarySpot({ runtime }),
};
describeTarget(target, test);
