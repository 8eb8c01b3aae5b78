import { relative } from 'node:path';
import type { SoakCommand } from './command-line.ts';
import type { LaneReport } from './lane.ts';
import { repositoryRoot } from './repository-root.ts';

/**
 * The command that repeats a run: the very seeds, and each Node by its version, since its path is one of this machine. What has no
 * influence on the results is left out.
 */
export function commandAgain(
  command: SoakCommand,
  { firstSeed = '', passes, simulation }: LaneReport,
): string {
  const { compare, list, node, stopAfter, twice, workers } = command;
  const [first] = passes;
  const versionOf = (name: 'first' | 'compare'): string =>
    `node@${passes.find((pass) => pass.name === name)?.node.replace(/^v/, '')}`;
  const parts = [
    'test:soak',
    ...['--only', simulation, '--seeds', String(first?.seeds ?? 0), '--from', firstSeed.replace(/-\d+$/, '')],
    ...(workers === 2 ? [] : ['--workers', String(workers)]),
    ...(stopAfter === undefined ? [] : ['--stop-after', String(stopAfter)]),
    ...(node === undefined ? [] : ['--node', versionOf('first')]),
    ...(twice ? ['--twice'] : []),
    ...(compare === undefined ? [] : ['--compare', versionOf('compare')]),
    ...(list === undefined ? [] : ['--list', relative(repositoryRoot, list)]),
  ];
  return parts.map((part) => (/^[\w@./:=+-]+$/.test(part) ? part : `'${part}'`)).join(' ');
}
