import type { VirtualProcess, VirtualWorld } from '@venuekit/connector-kit/testing';

/** What is heard of a world. */
export interface WorldWatch {
  /** A process is about to be ended by the simulation. */
  crashing(process: VirtualProcess): void;
  /** The simulation wants to close the world, which is not its own. */
  closing(): void;
}

/** A world whose simulation is watched. It is the world itself in everything else. */
export class WatchedWorld {
  /** What the simulation gets. */
  readonly world: VirtualWorld;
  readonly #processes = new Map<string, VirtualProcess>();

  constructor(world: VirtualWorld, watch: WorldWatch) {
    const process = (name: string): VirtualProcess => {
      const known = this.#processes.get(name) ?? watchedProcess(world.process(name), watch);
      this.#processes.set(name, known);
      return known;
    };
    this.world = Object.create(world, {
      process: { value: process },
      close: { value: () => watch.closing() },
    }) as VirtualWorld;
  }

  /** The processes that were asked for, by creation. */
  get processes(): readonly VirtualProcess[] {
    return [...this.#processes.values()];
  }
}

function watchedProcess(process: VirtualProcess, watch: WorldWatch): VirtualProcess {
  const crash: VirtualProcess['crash'] = (how) => {
    watch.crashing(process);
    process.crash(how);
  };
  return new Proxy(process, {
    get(target, key) {
      if (key === 'crash') return crash;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** What a process has not given back, as text; undefined if there is nothing, or no process. */
export function leftoversOf({ current }: VirtualProcess): string | undefined {
  if (current === undefined) return undefined;
  const { requests, sockets, timers } = current.left;
  const left = [
    ...(timers.length > 0 ? [`timers ${timers.join(', ')}`] : []),
    ...(sockets > 0 ? [`sockets ${sockets}`] : []),
    ...(requests > 0 ? [`requests ${requests}`] : []),
  ];
  return left.length > 0 ? left.join('; ') : undefined;
}
