import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tarballProblems } from './tarball-content.ts';

/** A package as it would be published. */
interface Packed {
  readonly name: string;
  readonly tarball: string;
  /** What a program may import: the package and its subpaths. */
  readonly entries: readonly string[];
  /** Commands that the package installs. */
  readonly commands: readonly string[];
}

const root = fileURLToPath(new URL('../../', import.meta.url));
/** `--node PATH`: the Node that imports the packages; positionals: folders under `packages`, all of them if left out. */
const { values, positionals } = parseArgs({
  options: { node: { type: 'string', default: 'node' } },
  allowPositionals: true,
});
const problems: string[] = [];

/** Runs a command; its output is shown only if it fails. Tools of this repository are named by their bare name. */
function run(what: string, folder: string, command: string, ...args: readonly string[]): string | undefined {
  const PATH = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  const done = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, PATH } });
  if (done.status === 0) return done.stdout;
  problems.push(what);
  console.log(`FAIL ${what}\n${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`);
  return undefined;
}

function pack(name: string, destination: string): Packed | undefined {
  const folder = join(root, 'packages', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly bin?: Readonly<Record<string, string>>;
    readonly publishConfig: { readonly exports: Readonly<Record<string, unknown>> };
  };
  const { exports } = manifest.publishConfig;
  const subpaths = Object.keys(exports).filter((subpath) => subpath !== './package.json');
  const entries = subpaths.map((subpath) => manifest.name + subpath.slice(1));
  const commands = Object.keys(manifest.bin ?? {});
  const tarball = join(destination, `${manifest.name.slice(1).replace('/', '-')}-${manifest.version}.tgz`);
  const packed = run(`${manifest.name}: pack`, folder, 'pnpm', 'pack', '--pack-destination', destination);
  return packed === undefined ? undefined : { name: manifest.name, tarball, entries, commands };
}

function inspect({ name, tarball }: Packed): void {
  const listing = run(`${name}: list`, root, 'tar', '-tzf', tarball) ?? '';
  const files = listing
    .trim()
    .split('\n')
    .map((line) => line.replace(/^package\//, ''));
  for (const problem of tarballProblems(files)) {
    problems.push(problem);
    console.log(`FAIL ${name}: ${problem}`);
  }
  run(`${name}: publint`, root, 'publint', 'run', tarball, '--strict');
  run(`${name}: attw`, root, 'attw', tarball, '--profile', 'esm-only');
  console.log(`     ${name}: ${files.length} files inspected`);
}

/** Installs all tarballs together with plain npm, then imports and type-checks every entry as a stranger would. */
function consume(packages: readonly Packed[], folder: string): void {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const tarballs = packages.map(({ tarball }) => tarball);
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  if (run('install of all tarballs', folder, 'npm', 'install', ...quiet, ...tarballs) === undefined) return;
  for (const { name, entries, commands } of packages) {
    for (const command of commands) {
      const path = join(folder, 'node_modules/.bin', command);
      run(`${command} --help`, folder, values.node, path, '--help');
    }
    for (const entry of entries) {
      run(
        `import of ${entry}`,
        folder,
        values.node,
        '--input-type=module',
        '--eval',
        `await import('${entry}')`,
      );
    }
    console.log(`     ${name}: imported ${entries.length === 1 ? 'its entry' : `${entries.length} entries`}`);
  }
  const imports = packages
    .flatMap(({ entries }) => entries)
    .map((entry, at) => `import * as _${at} from '${entry}';`);
  const uses = imports.map((_line, at) => `void _${at};`);
  writeFileSync(join(folder, 'consumer.ts'), [...imports, ...uses, ''].join('\n'));
  const compilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: false,
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  run('types as a consumer sees them', folder, 'tsc');
}

const scratch = mkdtempSync(join(tmpdir(), 'venuekit-packages-'));
try {
  const [tarballs, consumer] = [join(scratch, 'tarballs'), join(scratch, 'consumer')];
  mkdirSync(tarballs);
  mkdirSync(consumer);
  const names = positionals.length > 0 ? positionals : readdirSync(join(root, 'packages')).sort();
  const packages = names.map((name) => pack(name, tarballs)).filter((packed) => packed !== undefined);
  for (const packed of packages) inspect(packed);
  consume(packages, consumer);
  const failed = problems.length > 0;
  console.log(`${failed ? 'FAIL' : 'ok  '} ${packages.length} packages: ${problems.length} problems`);
  if (failed) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true });
}
