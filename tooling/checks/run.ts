import { fileURLToPath } from 'node:url';
import { ambient } from './ambient.ts';
import { fileLength } from './file-length.ts';
import { independentModels } from './independent-models.ts';
import { layers } from './layers.ts';
import { links } from './links.ts';
import { nodeFree } from './node-free.ts';
import { packageShape } from './package-shape.ts';
import { type Check, readRepository } from './repository.ts';
import { packageNames } from './source-files.ts';
import { wording } from './wording.ts';

const checks: readonly Check[] = [
  packageShape,
  layers,
  independentModels,
  nodeFree,
  ambient,
  wording,
  links,
  fileLength,
];

const root = process.argv[2] ?? fileURLToPath(new URL('../../', import.meta.url));
const repository = readRepository(root);
if (packageNames(repository).length === 0) throw new Error(`expected packages under ${root}, got none`);
for (const check of checks) {
  const problems = [...check.run(repository)];
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${check.name}`);
  for (const { file, expected, got } of problems)
    console.log(`     ${file}: expected ${expected}; got ${got}`);
  if (problems.length > 0) process.exitCode = 1;
}
