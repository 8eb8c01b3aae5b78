import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Child } from './child.ts';

/** Starts a shell with the next command and stays, as npx and pnpm do; says on stderr who it is. */
const source = `
  const [, , next] = process.argv;
  process.stderr.write(require('node:path').basename(__filename) + ' ' + process.pid + '\\n');
  require('node:child_process').spawn('sh', ['-c', next + '; true'], { stdio: 'inherit' });
`;

/** Programs that are called like npx and pnpm and start others as they do. */
export interface Launchers extends AsyncDisposable {
  /** A command of the shell: the launcher `name`, which runs `next` in a shell of its own. */
  launch(name: string, next: string): string;
  /** The process of a launcher that was started by `child`, once it has said who it is. */
  pidOf(child: Child, name: string): Promise<number>;
}

/** Makes launchers of these names; disposing of them takes them away. */
export async function createLaunchers(names: readonly string[]): Promise<Launchers> {
  const folder = await mkdtemp(join(tmpdir(), 'venuekit-launchers-'));
  for (const name of names) await writeFile(join(folder, name), source);
  return {
    launch: (name, next) => `'${process.execPath}' '${join(folder, name)}' "${next.replaceAll('"', '\\"')}"`,
    async pidOf(child, name) {
      const [, pid] = await child.until('stderr', new RegExp(`^${name} (\\d+)$`, 'm'));
      return Number(pid);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
