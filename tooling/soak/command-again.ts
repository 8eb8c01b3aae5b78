import { relative, resolve } from 'node:path';
import type { SoakCommand } from './command-line.ts';
import type { Failure, LaneReport } from './lane-report.ts';
import { repositoryRoot } from './repository-root.ts';

/**
 * The command that repeats a run: the very seeds, and each Node by its version, since its path is one of this machine. What has no
 * influence on the results is left out.
 */
export function commandAgain(
  command: SoakCommand,
  { firstSeed = '', passes, simulation }: LaneReport,
): string {
  const { compare, node, stopAfter, twice, workers } = command;
  const [first] = passes;
  const versionOf = (name: 'first' | 'compare'): string =>
    `node@${passes.find((pass) => pass.name === name)?.node.replace(/^v/, '')}`;
  return shown([
    'test:soak',
    ...['--only', simulation, '--seeds', String(first?.seeds ?? 0), '--from', firstSeed.replace(/-\d+$/, '')],
    ...(workers === 2 ? [] : ['--workers', String(workers)]),
    ...(stopAfter === undefined ? [] : ['--stop-after', String(stopAfter)]),
    ...(node === undefined ? [] : ['--node', versionOf('first')]),
    ...(twice ? ['--twice'] : []),
    ...(compare === undefined ? [] : ['--compare', versionOf('compare')]),
    ...listArguments(command),
  ]);
}

/** The command that runs the seed of a failure again on this machine, with everything that it may need to fail. */
export function failureAgain(
  command: SoakCommand,
  simulation: string,
  { pass, seed }: Pick<Failure, 'pass' | 'seed'>,
): string {
  const { compare, mutant } = command;
  const node = pass === 'compare' ? compare : command.node;
  return shown([
    ...['npx', '-y', 'pnpm@12', 'test:soak', '--only', simulation, '--seed', seed],
    ...(mutant === undefined ? [] : ['--mutant', mutant]),
    ...(node === undefined ? [] : ['--node', node]),
    ...listArguments(command),
  ]);
}

/** From the root of the repository, which is where scripts run. */
function listArguments({ list }: SoakCommand): readonly string[] {
  return list === undefined ? [] : ['--list', relative(repositoryRoot, resolve(list))];
}

function shown(parts: readonly string[]): string {
  return parts.map((part) => (/^[\w@./:=+-]+$/.test(part) ? part : `'${part}'`)).join(' ');
}
