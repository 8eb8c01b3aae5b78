import { fileURLToPath } from 'node:url';
import { Child, type ChildEnd } from '@venuekit/tooling-vitest/child';

const condition = '--conditions=@venuekit/source';

/** A file of the repository. */
export function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

/** Arguments with which Node runs a program of the repository from its source. */
export function sourceArgs(path: string, ...flags: readonly string[]): readonly string[] {
  return [condition, repositoryFile(path), ...flags];
}

/** Starts the demo, the way `pnpm demo` does. */
export function startDemo(...flags: readonly string[]): Child {
  return new Child(process.execPath, sourceArgs('apps/demo/src/main.ts', ...flags));
}

/** Runs the demo to its end. */
export async function runDemo(...flags: readonly string[]): Promise<Child & ChildEnd> {
  const child = startDemo(...flags);
  return Object.assign(child, await child.end);
}
