import { execFileSync } from 'node:child_process';
import { SoakError } from './soak-error.ts';

/**
 * Where a Node is.
 * @param given a path, or `node@VERSION`, which is this one or comes from the registry.
 * @throws SoakError if it cannot be had.
 */
export function findNode(given: string): string {
  if (!/^node@\d[\w.]*$/.test(given)) return given;
  if (given === `node@${process.versions.node}`) return process.execPath;
  const args = ['-y', '--package', given, '--', 'node', '-p', 'process.execPath'];
  return run('npx', args, given);
}

/** @throws SoakError if there is no Node at that path. */
export function nodeVersion(path: string): string {
  return run(path, ['--version'], path);
}

function run(file: string, args: readonly string[], given: string): string {
  try {
    return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch (error) {
    throw new SoakError(`${given}: expected a Node, got ${error instanceof Error ? error.message : error}`);
  }
}
