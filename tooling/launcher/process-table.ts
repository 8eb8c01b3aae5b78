import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process of this machine. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  /** Its command line; parts may be one text where the system gives no list. */
  readonly command: readonly string[];
}

/** Where processes are looked up. */
export interface ProcessTable {
  /** The process, or `undefined` if there is none of that number or the system does not tell. */
  find(pid: number): Promise<ProcessEntry | undefined>;
  /** Its parent, or `undefined` likewise. Cheaper. */
  parentOf(pid: number): Promise<number | undefined>;
}

/** The table of this system; `undefined` where there is none that can be read, as on Windows. */
export function systemProcessTable(platform: string): ProcessTable | undefined {
  if (platform === 'win32') return undefined;
  return platform === 'linux' ? linuxTable : posixTable;
}

const linuxTable: ProcessTable = {
  async find(pid) {
    const parentPid = await linuxTable.parentOf(pid);
    const line = await readOrNothing(`/proc/${pid}/cmdline`);
    if (parentPid === undefined || line === undefined) return undefined;
    return { pid, parentPid, command: line.split('\0').filter((part) => part !== '') };
  },
  async parentOf(pid) {
    const stat = await readOrNothing(`/proc/${pid}/stat`);
    return stat === undefined ? undefined : parseStat(stat);
  },
};

/** The parent in a line of `/proc/<pid>/stat`: `pid (name) state ppid …`. The name may hold spaces and parentheses. */
export function parseStat(stat: string): number | undefined {
  const [, parent] = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(' ');
  return toPid(parent);
}

const posixTable: ProcessTable = {
  async find(pid) {
    const match = /^\s*(\d+)\s+(.*)$/m.exec((await ps(pid, 'ppid=,args=')) ?? '');
    const parentPid = toPid(match?.[1]);
    return parentPid === undefined ? undefined : { pid, parentPid, command: [match?.[2] ?? ''] };
  },
  async parentOf(pid) {
    return toPid((await ps(pid, 'ppid='))?.trim());
  },
};

async function ps(pid: number, format: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', format, '-p', String(pid)], { timeout: 2_000 });
    return stdout;
  } catch {
    return undefined;
  }
}

function toPid(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

async function readOrNothing(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
