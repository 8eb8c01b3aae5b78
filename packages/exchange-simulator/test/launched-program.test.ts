import { fileURLToPath } from 'node:url';
import { Child } from '@venuekit/tooling-vitest/child';
import { createLaunchers } from '@venuekit/tooling-vitest/launchers';
import { expect, test } from 'vitest';
import type { Announcement } from '../src/program/announcement.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

test.each(['npx', 'pnpm'])(
  'ends when the %s above it is killed, whoever is between them lives on',
  async (killed) => {
    await using launchers = await createLaunchers(['npx', 'pnpm']);
    const { launch, pidOf } = launchers;
    const program = `'${process.execPath}' '${main}' --json --pairs 1`;
    await using chain = new Child('sh', ['-c', `${launch('npx', launch('pnpm', program))}; true`]);
    const [line] = await chain.until('stdout', /^\{.*\}$/m);
    const { rest } = JSON.parse(line) as Announcement;
    expect((await fetch(`${rest}/api/pro/v1/ticker`)).status).toBe(200);
    process.kill(await pidOf(chain, killed), 'SIGKILL');
    await chain.until('stderr', /ending: what started it is gone/);
    // The output closes when the last process of the chain is gone.
    await chain.end;
    await expect(fetch(rest)).rejects.toThrow();
  },
);
