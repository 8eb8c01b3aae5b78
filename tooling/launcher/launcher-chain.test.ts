import { expect, test } from 'vitest';
import { findLauncherChain } from './launcher-chain.ts';
import { type ProcessTable, parseStat } from './process-table.ts';

/** A table from command lines; each process is the child of the next one. */
function ancestry(...commands: string[][]): ProcessTable {
  const entries = commands.map((command, index) => ({ pid: 100 - index, parentPid: 99 - index, command }));
  const find = async (pid: number) => entries.find((entry) => entry.pid === pid);
  return { find, parentOf: async (pid) => (await find(pid))?.parentPid };
}

async function pidsAbove(...commands: string[][]): Promise<number[]> {
  const chain = await findLauncherChain(100, ancestry(['node', 'main.ts'], ...commands));
  return chain.map((link) => link.parentPid);
}

const npx = ['npm exec pnpm@12 demo'];
const pnpm = ['pnpm', 'demo'];
const userShell = ['-bash'];

test('npx, its shell, pnpm, its shell', async () => {
  const shell = ['sh', '-c', 'node main.ts'];
  expect(await pidsAbove(shell, pnpm, ['sh', '-c', "'pnpm' demo"], npx, userShell)).toEqual([99, 98, 97, 96]);
});

test('launchers that node runs from a file', async () => {
  const cli = ['/usr/bin/node', '/usr/lib/node_modules/npm/bin/npm-cli.js', 'run', 'demo'];
  expect(await pidsAbove(cli, userShell)).toEqual([99]);
  expect(await pidsAbove(['node /home/a/.npm/_npx/1/node_modules/.bin/pnpm demo'], userShell)).toEqual([99]);
});

test('a shell without a launcher above it is the user’s own', async () => {
  expect(await pidsAbove(['bash', '-c', 'nohup node main.ts &'])).toEqual([]);
  expect(await pidsAbove(pnpm, ['sh', '-c', 'nohup pnpm demo &'], ['sshd'])).toEqual([99]);
});

test('an interactive shell, a script and any other program end the chain', async () => {
  expect(await pidsAbove(pnpm, ['bash'], npx)).toEqual([99]);
  expect(await pidsAbove(pnpm, ['bash', 'ci.sh'], npx)).toEqual([99]);
  expect(await pidsAbove(['python3', 'x.py'], npx)).toEqual([]);
  expect(await pidsAbove(['node', '/opt/vitest.mjs'], npx)).toEqual([]);
});

test('a table that knows nothing, or runs in a circle, is no crash', async () => {
  expect(
    await findLauncherChain(1, { find: async () => undefined, parentOf: async () => undefined }),
  ).toEqual([]);
  const circle: ProcessTable = {
    find: async (pid) => ({ pid, parentPid: 7, command: ['npx'] }),
    parentOf: async () => 7,
  };
  expect((await findLauncherChain(7, circle)).length).toBeLessThan(100);
});

test('the parent in a stat line, whatever the program is called', () => {
  expect(parseStat('42 (node) S 17 42 42 0 -1')).toBe(17);
  expect(parseStat('42 (a) S 1 (b) S) R 17 42')).toBe(17);
  expect(parseStat('')).toBeUndefined();
});
