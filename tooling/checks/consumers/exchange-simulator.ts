// biome-ignore-all lint/correctness/noUndeclaredDependencies: somebody else's program, who has installed the package.
import assert from 'node:assert/strict';
// @boundaries-ignore somebody else's program, who has installed the package
import { createExchangeSimulator, startExchangeSimulator } from '@venuekit/exchange-simulator';

/** Starts an exchange, asks it what it lists, and closes it. The program ends by itself only if nothing of it is left. */
async function main(): Promise<void> {
  const simulator = await startExchangeSimulator({
    market: { kind: 'synthetic', seed: 'consumer', pairs: 3 },
  });
  const reply = await fetch(`${simulator.endpoints.restUrl}/api/pro/v1/cash/products`);
  const { code, data } = (await reply.json()) as { readonly code: number; readonly data: readonly unknown[] };
  assert.equal(code, 0);
  assert.equal(data.length, 3);
  await simulator.close();
  const inMemory = createExchangeSimulator({ market: { kind: 'synthetic', seed: 'consumer', pairs: 2 } });
  const answer = await inMemory.fetch(new Request('http://exchange.test/api/pro/v1/cash/products'));
  assert.equal(answer.status, 200);
  inMemory.close();
  console.log('used');
}

void main();
