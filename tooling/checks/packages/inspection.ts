import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { moneyProblems } from '../money-types.ts';
import { bundledProblems, tarballProblems } from '../tarball-content.ts';
import type { Packed } from './packing.ts';
import { type Report, root } from './report.ts';

/** Looks at a tarball without installing it: what is in it, of what it was made, whether its entries resolve, and what its types say of money. */
export async function inspect(report: Report, packed: Packed): Promise<void> {
  const { name, tarball, files } = packed;
  for (const problem of tarballProblems(files)) report.fail(`${name}: ${problem}`);
  const read = (file: string): string => readFileSync(join(packed.content, file), 'utf8');
  for (const file of files.filter((path) => path.endsWith('.map'))) {
    for (const problem of bundledProblems(file, read(file))) report.fail(`${name}: ${problem}`);
  }
  const declarations = files.filter((file) => file.endsWith('.d.ts'));
  const texts = new Map(declarations.map((file) => [`${name}/${file}`, read(file)]));
  for (const { file, expected, got } of moneyProblems(texts)) {
    report.fail(`money: ${file}: expected ${expected}; got ${got}`);
  }
  await report.run(`${name}: publint`, root, 'publint', 'run', tarball, '--strict');
  await report.run(`${name}: attw`, root, 'attw', tarball, '--profile', 'esm-only');
  report.note(`${name}: ${files.length} files inspected, ${declarations.length} of them declarations`);
}
