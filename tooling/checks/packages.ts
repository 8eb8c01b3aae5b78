import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inspect } from './packages/inspection.ts';
import { type Runner, useAlone } from './packages/lone-install.ts';
import { type Packed, pack } from './packages/packing.ts';
import { createReport, root, twoAtATime } from './packages/report.ts';
import { meetAsTwo } from './packages/two-copies.ts';

/** `--node22 PATH`: a Node 22 to use the packages on too; positionals: folders under `packages`, all of them if left out. */
const { values, positionals } = parseArgs({
  options: { node22: { type: 'string' } },
  allowPositionals: true,
});
const startedAt = performance.now();
const report = createReport();
const runners: Runner[] = [{ name: 'Node 24', command: 'node' }];
if (values.node22 !== undefined) runners.push({ name: 'Node 22', command: values.node22 });

/** Every Node is what it is called, or nothing was shown by using it. */
async function checkRunners(): Promise<void> {
  for (const { name, command } of runners) {
    const version = await report.run(`${name}: version`, root, command, '--version');
    if (version !== undefined && !version.startsWith(`v${name.slice(-2)}.`)) {
      report.fail(`${command}: expected ${name}; got ${version.trim()}`);
    }
  }
}

async function packAll(names: readonly string[], scratch: string): Promise<readonly Packed[]> {
  const packages: Packed[] = [];
  await twoAtATime(names, async (name) => {
    const packed = await pack(report, name, join(scratch, 'tarballs', name));
    if (packed !== undefined) packages.push(packed);
  });
  return packages;
}

async function check(chosen: readonly string[], scratch: string): Promise<void> {
  await checkRunners();
  // All are packed even where few are chosen: those may need others.
  const packages = await packAll(readdirSync(join(root, 'packages')).sort(), scratch);
  const checked = packages.filter(({ folderName }) => chosen.length === 0 || chosen.includes(folderName));
  await twoAtATime(checked, async (packed) => {
    const folder = join(scratch, 'alone', packed.folderName);
    await inspect(report, packed);
    await useAlone(report, packed, { packages, runners, folder });
  });
  const core = checked.find(({ folderName }) => folderName === 'connector-core');
  if (core !== undefined) await meetAsTwo(report, core, { runners, folder: join(scratch, 'two-copies') });
  const failed = report.problems.length > 0;
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  console.log(
    `${failed ? 'FAIL' : 'ok  '} ${checked.length} packages on ${runners.map(({ name }) => name).join(', ')}: ` +
      `${report.problems.length} problems, ${seconds} s`,
  );
  if (failed || checked.length === 0) process.exitCode = 1;
}

const scratch = mkdtempSync(join(tmpdir(), 'venuekit-packages-'));
try {
  await check(positionals, scratch);
} finally {
  rmSync(scratch, { recursive: true });
}
