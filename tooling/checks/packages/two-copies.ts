import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runner } from './lone-install.ts';
import type { Packed } from './packing.ts';
import { type Report, root } from './report.ts';

/** Installs the contract twice, as happens when two connectors bring one each, and lets the copies meet. */
export async function meetAsTwo(
  report: Report,
  core: Packed,
  options: { readonly runners: readonly Runner[]; readonly folder: string },
): Promise<void> {
  const { runners, folder } = options;
  mkdirSync(folder, { recursive: true });
  const dependencies = { [core.name]: `file:${core.tarball}`, 'second-copy': `file:${core.tarball}` };
  const manifest = { private: true, type: 'module', dependencies };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  copyFileSync(join(root, 'tooling/checks/consumers/two-copies.ts'), join(folder, 'use.mts'));
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  if ((await report.run('two copies: npm install', folder, 'npm', 'install', ...quiet)) === undefined) return;
  const compilerOptions = {
    strict: true,
    target: 'es2022',
    module: 'nodenext',
    outDir: 'out',
    rootDir: '.',
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.mts'] }));
  if ((await report.run('two copies: types', folder, 'tsc')) === undefined) return;
  for (const { name, command } of runners) {
    const output = await report.run(`two copies on ${name}`, folder, command, 'out/use.mjs');
    if (output !== undefined) report.note(`${core.name}, two copies on ${name}: ${output.trim()}`);
  }
}
