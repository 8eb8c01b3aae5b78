import type { ProcessEntry, ProcessTable } from './process-table.ts';

/** A process and the parent that it must keep. */
export interface Link {
  readonly pid: number;
  readonly parentPid: number;
}

/** Programs that start scripts. */
const launchers = /^(?:npm|npx|pnpm|pnpx|pnpm-exec)(?:-cli)?(?:\.(?:c?js|mjs|cmd|exe))?$/;
const shells = /^-?(?:sh|bash|dash|zsh|ash|ksh|fish|busybox)$/;
/** No real chain is longer; a broken table must not be walked for ever. */
const mostAncestors = 32;

/**
 * The processes that were started only to start this one: npx, npm, pnpm, and the shells that they put between. The user's own
 * shell is not among them, so that `nohup … &` goes on when it is closed.
 * @returns one link from each process of the chain to the next, beginning with `pid`; none if nothing of the kind is above it.
 */
export async function findLauncherChain(pid: number, table: ProcessTable): Promise<readonly Link[]> {
  const chain: Link[] = [];
  // Shells count only if a launcher is above them.
  let pending: Link[] = [];
  let current = await table.find(pid);
  for (let step = 0; current !== undefined && current.parentPid > 1 && step < mostAncestors; step += 1) {
    const parent = await table.find(current.parentPid);
    if (parent === undefined) break;
    pending.push({ pid: current.pid, parentPid: parent.pid });
    if (isLauncher(parent)) {
      chain.push(...pending);
      pending = [];
    } else if (!isScriptShell(parent)) break;
    current = parent;
  }
  return chain;
}

/** True for npx and the like, run as themselves, by node, or under a title such as `npm exec pnpm@12 demo`. */
function isLauncher({ command }: ProcessEntry): boolean {
  const [first = '', second = ''] = words(command);
  return (
    launchers.test(baseName(first)) ||
    (/^node(?:js)?$/.test(baseName(first)) && launchers.test(baseName(second)))
  );
}

/** True for a shell with a command of its own; one that waits for what a person types is that person's. */
function isScriptShell({ command }: ProcessEntry): boolean {
  const [first = '', ...rest] = words(command);
  return shells.test(baseName(first)) && rest.some((word) => /^-[a-z]*c$/.test(word));
}

function words(command: readonly string[]): readonly string[] {
  return command.join(' ').split(/\s+/);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
