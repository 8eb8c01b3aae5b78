import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testNeeding } from '@venuekit/tooling-vitest/requirement';
import { expect, test } from 'vitest';

const lane = fileURLToPath(new URL('../../../tooling/soak/main.ts', import.meta.url));
/** Where Node 22 is, the oldest that the packages run on. */
const { VENUEKIT_NODE22: node22 = '' } = process.env;
const needed = { requirement: 'node22', present: node22 !== '', timeoutMs: 120_000 } as const;
const seeds = 3;

testNeeding(test, needed, 'the same seeds give the same runs on Node 22', () => {
  const state = mkdtempSync(join(tmpdir(), 'venuekit-node22-'));
  const options = ['--only', 'ascendex-market-data', '--from', 'node22', '--state', state, '--json'];
  try {
    const output = execFileSync(
      process.execPath,
      [lane, ...options, '--seeds', String(seeds), '--compare', node22],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    expect(JSON.parse(output)).toMatchObject({
      passes: [
        { name: 'first', seeds },
        { name: 'compare', seeds, node: expect.stringMatching(/^v22\./) },
      ],
      failures: [],
      differences: [],
    });
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
});
