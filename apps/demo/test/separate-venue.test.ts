import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '@venuekit/tooling-vitest/child';
import { sessions } from '@venuekit/tooling-vitest/recordings';
import { describe, expect, test } from 'vitest';
import type { Report } from '../src/report.ts';
import { repositoryFile, sourceArgs } from './child.ts';
import { expectSession } from './models/recording-model.ts';

/** Flags with which Node may read programs and nothing else: neither recordings nor anything beside the repository. */
async function programsOnly(): Promise<readonly string[]> {
  const packages = await readdir(repositoryFile('packages'));
  const parts = packages.flatMap((name) =>
    ['src', 'node_modules', 'package.json'].map((part) => `packages/${name}/${part}`),
  );
  const readable = ['apps/demo/', 'tooling/launcher/', 'node_modules/', 'package.json', ...parts];
  return ['--permission', ...readable.map((path) => `--allow-fs-read=${repositoryFile(path)}`)];
}

describe.each(sessions)('$name', { concurrent: true }, ({ name, sessionFile, productsFile, present }) => {
  test.skipIf(!present)(
    `${name}: a program that cannot read it sees it all through the network`,
    async () => {
      const files = ['--replay', sessionFile, '--products', productsFile];
      await using venue = new Child(
        process.execPath,
        sourceArgs('packages/exchange-simulator/src/main.ts', ...files, '--speed', '20', '--json'),
      );
      const [line] = await venue.until('stdout', /^\{.*\}$/m);
      const { rest: restUrl } = JSON.parse(line) as { rest: string };
      const flags = ['--url', restUrl, '--seconds', '4', '--json'];
      const folder = await mkdtemp(join(tmpdir(), 'venuekit-demo-'));
      const args = [...(await programsOnly()), ...sourceArgs('apps/demo/src/main.ts', ...flags)];
      await using demo = new Child(process.execPath, args, { cwd: folder });
      const { code } = await demo.end;
      await rm(folder, { recursive: true });
      expect(code, demo.stderr).toBe(0);
      const report = JSON.parse(demo.stdout) as Report;
      const expected = expectSession(await readFile(sessionFile, 'utf8'));
      for (const [pair, counts] of Object.entries(expected.pairs)) {
        expect(report.pairs[pair]).toMatchObject(counts);
      }
      expect(report.trades).toEqual(expected.trades);
    },
  );

  test.skipIf(!present)(`${name}: such a program indeed cannot read it`, async () => {
    const flags = ['--replay', sessionFile, '--json'];
    const args = [...(await programsOnly()), ...sourceArgs('apps/demo/src/main.ts', ...flags)];
    await using demo = new Child(process.execPath, args);
    expect((await demo.end).code).not.toBe(0);
    expect(demo.stderr).toMatch(/ERR_ACCESS_DENIED|restricted/);
  });
});
