import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from '@venuekit/tooling-vitest/child';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Announcement } from '../src/program/announcement.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Starts a shell with the next command and stays, as npx and pnpm do, and says on stderr who it is. */
const launcherSource = `
  const [, , next] = process.argv;
  process.stderr.write(require('node:path').basename(__filename) + ' ' + process.pid + '\\n');
  require('node:child_process').spawn('sh', ['-c', next + '; true'], { stdio: 'inherit' });
`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'venuekit-launched-'));
  for (const name of ['npx', 'pnpm']) await writeFile(join(folder, name), launcherSource);
});
afterAll(() => rm(folder, { recursive: true }));

function launch(name: string, next: string): string {
  return `'${process.execPath}' '${join(folder, name)}' "${next.replaceAll('"', '\\"')}"`;
}

test.each(['npx', 'pnpm'])(
  'ends when the %s above it is killed, whoever is between them lives on',
  async (killed) => {
    const program = `'${process.execPath}' '${main}' --json --pairs 1`;
    await using chain = new Child('sh', ['-c', `${launch('npx', launch('pnpm', program))}; true`]);
    const [line] = await chain.until('stdout', /^\{.*\}$/m);
    const { rest } = JSON.parse(line) as Announcement;
    expect((await fetch(`${rest}/api/pro/v1/ticker`)).status).toBe(200);
    const [, pid] = await chain.until('stderr', new RegExp(`^${killed} (\\d+)$`, 'm'));
    process.kill(Number(pid), 'SIGKILL');
    await chain.until('stderr', /ending: what started it is gone/);
    // The output closes when the last process of the chain is gone.
    await chain.end;
    await expect(fetch(rest)).rejects.toThrow();
  },
);
