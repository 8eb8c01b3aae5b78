import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contractTables } from './contract-tables.ts';
import { blocksIn, fillBlocks } from './generated-blocks.ts';
import { simulatorTables } from './simulator-tables.ts';

/** Writes the generated blocks of all documents in these folders; with `--check` it only says which are out of date. */
const check = process.argv.includes('--check');
const root = fileURLToPath(new URL('../../', import.meta.url));
const folders = ['docs/contract', 'docs/simulator'];
const tables = { ...contractTables, ...simulatorTables };
const used = new Set<string>();
let stale = 0;
for (const file of folders.flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
)) {
  const path = join(root, file);
  const before = readFileSync(path, 'utf8');
  for (const name of blocksIn(before)) used.add(name);
  const after = fillBlocks(before, tables);
  if (after === before) continue;
  if (check) {
    stale += 1;
    console.log(`FAIL ${file}: expected what the sources say; run npx -y pnpm@12 run docs:tables`);
  } else {
    writeFileSync(path, after);
    console.log(file);
  }
}
for (const name of Object.keys(tables)) {
  if (used.has(name)) continue;
  stale += 1;
  console.log(`FAIL docs: expected a page with the table ${name}, got none`);
}
if (stale > 0) process.exitCode = 1;
else console.log('ok   generated documents are up to date');
