import assert from 'node:assert/strict';
import type { Capabilities } from '@venuekit/connector-core';

/** What identifiers of venues are made of: each is cut to the lengths that are allowed. */
const samples: readonly string[] = [
  'card20own1a2b3c4d5e6f7a8b9c0d1e2f3',
  'CARD20OWN1A2B3C4D5E6F7A8B9C0D1E2F3',
  '20201312111098765432123456789012345',
  '20a1b2c3-d4e5-4f6a-8b9c-0d1e2f3a4b5c',
  'a20b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f',
  'card-own-order-identifier-for-proof',
  'card_own_order_identifier_for_proof',
];

/** An identifier that fits the claimed pattern and lengths. */
export function sampleClientOrderId({ trading }: Capabilities): string {
  assert.ok(trading !== undefined, 'expected a connector that claims trading');
  const { pattern, minLength, maxLength } = trading.clientOrderId;
  const whole = new RegExp(`^(?:${pattern})$`);
  const longest = Math.min(maxLength, 36);
  const lengths = Array.from({ length: Math.max(longest - minLength + 1, 0) }, (_, more) => minLength + more);
  const usual = lengths.filter((length) => length >= 10);
  for (const length of [...usual, ...lengths]) {
    for (const sample of samples) {
      const id = sample.slice(0, length);
      if (id.length === length && whole.test(id)) return id;
    }
  }
  return assert.fail(`expected clientOrderId of the target, because no sample fits ${pattern}; got none`);
}
