import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { NamedBenchmark } from './benchmarks.ts';
import { missedGoals, withSection } from './record-text.ts';

const file = new URL('../BENCHMARKS.md', import.meta.url);

/** Runs a benchmark in a process of its own, shows what it prints, and writes that into BENCHMARKS.md. */
export async function recordBenchmark(
  name: string,
  { peers }: NamedBenchmark,
  rounds: string | undefined,
): Promise<void> {
  const args = [name, ...(rounds === undefined ? [] : [rounds])];
  const [heading = '', ...printed] = (await printedBy(args)).trim().split('\n');
  const about = [
    `${new Date().toISOString().slice(0, 10)}, \`npx -y pnpm@12 bench ${args.join(' ')}\``,
    `${cpus().length} x ${cpus()[0]?.model}, ${type()} ${release()} ${arch()}, Node ${process.version}`,
    ...peers.map(versionOf),
  ].join('; ');
  const text = [heading, '', `${about}.`, ...printed].join('\n');
  const written = withSection(readFileSync(file, 'utf8'), name, text);
  writeFileSync(file, withSection(written, 'missed', missedGoals(written)));
}

/** What `bench` prints with such arguments, whichever of its processes does. */
async function printedBy(args: readonly string[]): Promise<string> {
  const program = fileURLToPath(new URL('./run.ts', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    process.stdout.write(part);
  });
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  if (code !== 0) throw new Error(`bench ${args.join(' ')}: expected exit code 0, got ${code}`);
  return text;
}

/** The package as it is installed here. */
function versionOf(name: string): string {
  const path = new URL(`./node_modules/${name}/package.json`, import.meta.url);
  const found = JSON.parse(readFileSync(path, 'utf8')) as { readonly name: string; readonly version: string };
  return `${found.name} ${found.version}`;
}
