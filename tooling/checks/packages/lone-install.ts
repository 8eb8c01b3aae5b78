import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closure, type Packed } from './packing.ts';
import { type Report, root } from './report.ts';

/** One Node that packages are used on. */
export interface Runner {
  /** For people, for example `Node 24`. */
  readonly name: string;
  /** Path or command. */
  readonly command: string;
}

const consumers = join(root, 'tooling/checks/consumers');
const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];

/**
 * Installs one package with plain npm in an empty folder, with nothing else of ours than what it needs, and uses it there: by
 * `import` and by `require` on every runner, and through the types of a `nodenext` and of a `bundler` project.
 */
export async function useAlone(
  report: Report,
  packed: Packed,
  options: {
    readonly packages: readonly Packed[];
    readonly runners: readonly Runner[];
    readonly folder: string;
  },
): Promise<void> {
  const { name, folderName, commands } = packed;
  const { packages, runners, folder } = options;
  const problemCount = (): number => report.problems.filter((problem) => problem.startsWith(name)).length;
  const before = problemCount();
  const needed = closure(packages, packed);
  if (!(await install(report, name, folder, needed))) return;
  const program = join(consumers, `${folderName}.ts`);
  if (!existsSync(program)) {
    report.fail(
      `${name}: expected tooling/checks/consumers/${folderName}.ts, a program that uses the package; got none`,
    );
    return;
  }
  writePrograms(folder, program, packed.entries);
  for (const runner of runners) {
    for (const command of commands) {
      const path = join(folder, 'node_modules/.bin', command);
      await report.run(
        `${name}: ${command} --help on ${runner.name}`,
        folder,
        runner.command,
        path,
        '--help',
      );
    }
  }
  await report.run(`${name}: types for bundlers`, folder, 'tsc', '-p', 'bundler.json');
  if ((await report.run(`${name}: types for nodenext`, folder, 'tsc', '-p', 'nodenext.json')) === undefined)
    return;
  for (const runner of runners) await runPrograms(report, name, folder, runner);
  if (problemCount() > before) return;
  const others = needed.length === 1 ? 'alone' : `with ${needed.length - 1} of ours that it needs`;
  report.note(`${name}: installed ${others}; used by ${runners.map((runner) => runner.name).join(', ')}`);
}

async function install(
  report: Report,
  name: string,
  folder: string,
  needed: readonly Packed[],
): Promise<boolean> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const tarballs = needed.map(({ tarball }) => tarball);
  const done = await report.run(`${name}: npm install`, folder, 'npm', 'install', ...quiet, ...tarballs);
  if (done === undefined) return false;
  const installed = readdirSync(join(folder, 'node_modules/@venuekit')).map((part) => `@venuekit/${part}`);
  const expected = needed.map((packed) => packed.name).sort();
  if (installed.sort().join() === expected.join()) return true;
  report.fail(`${name}: expected ${expected.join(', ')} to be installed; got ${installed.join(', ')}`);
  return false;
}

/** The consumer as an ES module and as a CommonJS file, a file that loads every entry, and the settings of two projects. */
function writePrograms(folder: string, program: string, entries: readonly string[]): void {
  for (const file of ['use.mts', 'use.cts', 'use.ts']) copyFileSync(program, join(folder, file));
  const imports = entries.map((entry, at) => `import * as _${at} from '${entry}';\nvoid _${at};\n`).join('');
  for (const file of ['entries.mts', 'entries.cts', 'entries.ts']) writeFileSync(join(folder, file), imports);
  const common = {
    strict: true,
    skipLibCheck: false,
    target: 'es2022',
    lib: ['es2024', 'esnext.disposable'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  };
  const nodenext = { ...common, module: 'nodenext', rootDir: '.', outDir: 'out' };
  const bundler = { ...common, module: 'esnext', moduleResolution: 'bundler', noEmit: true };
  writeSettings(folder, 'nodenext.json', nodenext, ['use.mts', 'use.cts', 'entries.mts', 'entries.cts']);
  writeSettings(folder, 'bundler.json', bundler, ['use.ts', 'entries.ts']);
}

function writeSettings(
  folder: string,
  file: string,
  compilerOptions: object,
  files: readonly string[],
): void {
  writeFileSync(join(folder, file), JSON.stringify({ compilerOptions, files }));
}

async function runPrograms(report: Report, name: string, folder: string, runner: Runner): Promise<void> {
  for (const file of ['entries.mjs', 'entries.cjs', 'use.mjs', 'use.cjs']) {
    const way = file.endsWith('.mjs') ? 'import' : 'require';
    const what = `${name}: ${file.startsWith('use') ? 'use' : 'load'} by ${way} on ${runner.name}`;
    const output = await report.run(what, folder, runner.command, join('out', file));
    // A CommonJS program that waits for what never comes ends with code 0, so it has to say that it came to its end.
    if (file.startsWith('use') && output !== undefined && output.trimEnd().split('\n').at(-1) !== 'used') {
      report.fail(`${what}: expected the last line "used"; got ${JSON.stringify(output.slice(-200))}`);
    }
  }
}
