import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { RunCommand } from './command-line.ts';
import { flagError } from './flag-error.ts';

/** A file that a flag names. */
type NamedFile = readonly [flag: string, path: string];

/**
 * Looks whether a run would write what it reads, or two things to one file, under whatever names.
 * @throws VenueError `invalid-options` naming both flags.
 */
export function requireDistinctFiles(command: RunCommand): void {
  const { recordFile, truthFile } = command;
  const used = new Map<string, string>();
  for (const [flag, path] of filesRead(command)) used.set(identityOf(path), flag);
  for (const [flag, path] of [...named('--record', recordFile), ...named('--truth', truthFile)]) {
    const identity = identityOf(path);
    const other = used.get(identity);
    if (other !== undefined)
      throw flagError(`${flag}: expected another file than that of ${other}, got ${path}`);
    if (isOneFile(path)) used.set(identity, flag);
  }
}

function filesRead({ market }: RunCommand): readonly NamedFile[] {
  if (market.kind === 'replay')
    return [['--replay', market.sessionFile], ...named('--products', market.productsFile)];
  const { bars, follow } = market;
  return [
    ...bars.map(([, path]): NamedFile => ['--load', path]),
    ...named('--follow', follow?.sessionFile),
    ...named('--products', follow?.productsFile),
  ];
}

function named(flag: string, path: string | undefined): readonly NamedFile[] {
  return path === undefined ? [] : [[flag, path]];
}

/** The same for all names of a file. One that is not there yet is told by its folder and its name. */
function identityOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return join(realFolder(dirname(resolve(path))), basename(path));
  }
}

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** False for a terminal, a pipe or a device, which takes what anybody writes. */
function isOneFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
}
