import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contractTables } from './contract-tables.ts';
import { blocksIn, fillBlocks } from './generated-blocks.ts';

/** Writes the generated blocks of all documents under `docs/contract`; with `--check` it only says which are out of date. */
const check = process.argv.includes('--check');
const folder = fileURLToPath(new URL('../../docs/contract/', import.meta.url));
const used = new Set<string>();
let stale = 0;
for (const file of readdirSync(folder).sort()) {
  const path = join(folder, file);
  const before = readFileSync(path, 'utf8');
  for (const name of blocksIn(before)) used.add(name);
  const after = fillBlocks(before, contractTables);
  if (after === before) continue;
  if (check) {
    stale += 1;
    console.log(
      `FAIL docs/contract/${file}: expected what the sources say; run npx -y pnpm@12 run docs:tables`,
    );
  } else {
    writeFileSync(path, after);
    console.log(`docs/contract/${file}`);
  }
}
for (const name of Object.keys(contractTables)) {
  if (used.has(name)) continue;
  stale += 1;
  console.log(`FAIL docs/contract: expected a page with the table ${name}, got none`);
}
if (stale > 0) process.exitCode = 1;
else console.log('ok   generated documents are up to date');
