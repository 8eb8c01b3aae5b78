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

/**
 * The version of a Node, such as `v24.1.0`.
 * @throws SoakError if there is no Node at that path, or one that is too old for workers.
 */
export function nodeVersion(path: string): string {
  const version = run(path, ['--version'], path);
  const [, major, minor] = /^v(\d+)\.(\d+)\.\d+/.exec(version) ?? [];
  if (major === undefined) throw new SoakError(`${path}: expected a Node, got "${version.slice(0, 40)}"`);
  const isEnough = oldest.some(([from, least]) => Number(major) === from && Number(minor) >= least);
  if (isEnough || Number(major) > newestOfOld) return version;
  throw new SoakError(`${path}: expected Node 22.18, 23.6 or later, got ${version}`);
}

/** Workers load TypeScript as it is, and look at what they load: these are the first versions that do both, by major. */
const oldest = [
  [22, 18],
  [23, 6],
] as const;
const newestOfOld = 23;

function run(file: string, args: readonly string[], given: string): string {
  try {
    return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch (error) {
    throw new SoakError(`${given}: expected a Node, got ${error instanceof Error ? error.message : error}`);
  }
}
