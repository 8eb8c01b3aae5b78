import { fileURLToPath } from 'node:url';
import { Child } from '@venuekit/tooling-vitest/child';
import { createLaunchers, type Launchers } from '@venuekit/tooling-vitest/launchers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type WatchedProcess, watchParents } from '../parent-watch.ts';

const watcher = (milliseconds: number): string =>
  [
    process.execPath,
    fileURLToPath(new URL('programs/parent-watcher.ts', import.meta.url)),
    String(milliseconds),
  ]
    .map((word) => `'${word}'`)
    .join(' ');

let launchers: Launchers;
beforeAll(async () => {
  launchers = await createLaunchers(['npx', 'pnpm', 'other']);
});
afterAll(() => launchers[Symbol.asyncDispose]());

const launch: Launchers['launch'] = (name, next) => launchers.launch(name, next);
const pidOf: Launchers['pidOf'] = (child, name) => launchers.pidOf(child, name);

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'npx ended by %s is noticed, though pnpm lives on',
  async (signal) => {
    await using chain = new Child('sh', ['-c', `${launch('npx', launch('pnpm', watcher(20_000)))}; true`]);
    await chain.until('stdout', /looked/);
    process.kill(await pidOf(chain, 'npx'), signal);
    await chain.until('stdout', /gone/);
    expect(chain.stdout).not.toContain('still here');
    // The output closes when the last process of the chain is gone.
    await chain.end;
  },
);

test('pnpm ended is noticed as well', async () => {
  await using chain = new Child('sh', ['-c', `${launch('npx', launch('pnpm', watcher(20_000)))}; true`]);
  await chain.until('stdout', /looked/);
  process.kill(await pidOf(chain, 'pnpm'), 'SIGKILL');
  await chain.until('stdout', /gone/);
  await chain.end;
});

test('a user’s shell that ends leaves the program running', async () => {
  await using shell = new Child('sh', ['-c', `nohup ${watcher(1_500)} & echo started`]);
  await shell.until('stdout', /still here/);
  expect(shell.stdout).not.toMatch(/gone|looked/);
});

test('a shell above npx that ends leaves the program running', async () => {
  await using shell = new Child('sh', ['-c', `nohup ${launch('npx', watcher(1_500))} & echo started`]);
  await shell.until('stdout', /still here/);
  expect(shell.stdout).toContain('looked');
  expect(shell.stdout).not.toContain('gone');
});

test('a program that is no launcher is not watched', async () => {
  await using chain = new Child('sh', ['-c', `${launch('other', watcher(1_500))}; true`]);
  await chain.until('stdout', /ready/);
  process.kill(await pidOf(chain, 'other'), 'SIGKILL');
  await chain.until('stdout', /still here/);
  expect(chain.stdout).not.toMatch(/gone|looked/);
});

/** Fires its timers when told. */
function manualTimers() {
  const fires: (() => void)[] = [];
  return {
    fires,
    setTimer: (_delayMs: number, fire: () => void) => {
      fires.push(fire);
      return { [Symbol.dispose]: () => void fires.splice(fires.indexOf(fire), 1) };
    },
  };
}

async function nextTimer(timers: ReturnType<typeof manualTimers>): Promise<() => void> {
  for (;;) {
    const fire = timers.fires.shift();
    if (fire !== undefined) return fire;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('where processes cannot be listed, only the parent’s existence counts', async () => {
  const alive = new Set([7]);
  const watched: WatchedProcess = {
    pid: 9,
    parentPid: () => 7,
    exists: (pid) => alive.has(pid),
    table: undefined,
  };
  const timers = manualTimers();
  const gone = Promise.withResolvers<void>();
  using _watch = watchParents(watched, timers, gone.resolve);
  (await nextTimer(timers))();
  const next = await nextTimer(timers);
  alive.clear();
  next();
  await gone.promise;
  expect(timers.fires).toEqual([]);
});

test('a table without answers is no crash, and nothing is watched', async () => {
  const table = { find: async () => undefined, parentOf: async () => undefined };
  const watched: WatchedProcess = { pid: 9, parentPid: () => 7, exists: () => false, table };
  const timers = manualTimers();
  let gone = false;
  using _watch = watchParents(watched, timers, () => {
    gone = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(timers.fires).toEqual([]);
  expect(gone).toBe(false);
});

test('any parent is watched if that is asked for, whatever it is', async () => {
  const table = { find: async () => undefined, parentOf: async () => undefined };
  let parentPid = 7;
  const watched: WatchedProcess = { pid: 9, parentPid: () => parentPid, exists: () => true, table };
  const timers = manualTimers();
  const gone = Promise.withResolvers<void>();
  using _watch = watchParents(watched, timers, gone.resolve, { anyParent: true });
  (await nextTimer(timers))();
  const next = await nextTimer(timers);
  parentPid = 1;
  next();
  await gone.promise;
  expect(timers.fires).toEqual([]);
});
