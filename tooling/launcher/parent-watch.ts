import { findLauncherChain, type Link } from './launcher-chain.ts';
import { type ProcessTable, systemProcessTable } from './process-table.ts';

/** Soon enough for the end to come within a second of the parent's. */
const periodMs = 500;

/** What the watch needs of timers. */
interface WatchTimers {
  setTimer(delayMs: number, fire: () => void, label: string): Disposable;
}

/** The process as the watch sees it. */
export interface WatchedProcess {
  readonly pid: number;
  /** The parent at this moment. */
  parentPid(): number;
  /** True if there is a process of that number. */
  exists(pid: number): boolean;
  readonly table: ProcessTable | undefined;
}

/** The process that this program runs in. */
export function currentProcess(): WatchedProcess {
  return {
    pid: process.pid,
    parentPid: () => process.ppid,
    exists: processExists,
    table: systemProcessTable(process.platform),
  };
}

/** What is watched. */
export interface WatchOptions {
  /** The parent also where it is no launcher, so that whoever starts the program takes it along; false if left out. */
  readonly anyParent?: boolean;
}

/** A watch; disposing of it ends it. */
export interface ParentWatch extends Disposable {
  /** Resolves when it is known who is above: whoever ends before may go unnoticed. */
  readonly watching: Promise<void>;
}

/**
 * Calls `onGone` once, when a process is gone that was there only to start this one.
 *
 * npx starts pnpm and pnpm starts this program; a signal to npx reaches neither of them, and both would stay. A child whose
 * parent ends gets another one, and that is what is looked at twice a second.
 */
export function watchParents(
  watched: WatchedProcess,
  timers: WatchTimers,
  onGone: () => void,
  options: WatchOptions = {},
): ParentWatch {
  let timer: Disposable | undefined;
  let ended = false;
  const end = (): void => {
    ended = true;
    timer?.[Symbol.dispose]();
  };
  const look = async (isIntact: () => Promise<boolean>): Promise<void> => {
    const intact = await isIntact();
    if (ended) return;
    if (intact) {
      timer = timers.setTimer(periodMs, () => void look(isIntact), 'parent-watch');
      return;
    }
    end();
    onGone();
  };
  const watching = findCheck(watched, options).then((check) => {
    if (check !== undefined) void look(check);
  });
  return { watching, [Symbol.dispose]: end };
}

/** How to find out that all is as it was; `undefined` if there is nothing to watch. */
async function findCheck(
  watched: WatchedProcess,
  { anyParent = false }: WatchOptions,
): Promise<(() => Promise<boolean>) | undefined> {
  const { table, pid } = watched;
  const parentPid = watched.parentPid();
  if (table === undefined) return async () => watched.exists(parentPid);
  const [own, ...others] = await findLauncherChain(pid, table);
  if (own === undefined) return anyParent ? async () => watched.parentPid() === parentPid : undefined;
  return async () => watched.parentPid() === own.parentPid && (await areUnchanged(others, table));
}

async function areUnchanged(links: readonly Link[], table: ProcessTable): Promise<boolean> {
  const parents = await Promise.all(links.map((link) => table.parentOf(link.pid)));
  // A process that cannot be read says nothing: if it is gone, its own child has another parent now, and tells.
  return links.every((link, index) => parents[index] === undefined || parents[index] === link.parentPid);
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
