import type { Timers } from '@venuekit/connector-core';
import type { ActiveFault, FaultRegister } from './fault-register.ts';
import type { Fault } from './fault-types.ts';

/** Messages of one stream that faults keep back. */
export interface KeptFrames {
  readonly bytes: number;
  /** Keeps one until so many seconds have passed. */
  keepFor(text: string, seconds: number): void;
  /** Keeps one until a fault ends, behind the others of this fault. */
  keepUntilEnd(text: string, active: ActiveFault): void;
  /** Keeps one until {@link KeptFrames.takeBehind} asks for it. */
  keepBehind(text: string, fault: Fault): void;
  /** True if {@link KeptFrames.takeBehind} may have something. */
  readonly hasBehind: boolean;
  /** The messages that were to follow one that these faults would strike. */
  takeBehind(fits: (fault: Fault) => boolean): readonly string[];
  /** Drops everything. */
  close(): void;
}

/** What keeping messages needs. */
export interface KeepingOptions {
  readonly timers: Timers;
  readonly register: FaultRegister;
  /** Sends those whose time has come, in their order. */
  send(texts: readonly string[]): void;
}

/** Keeps nothing yet. */
export function createKeptFrames(options: KeepingOptions): KeptFrames {
  return new Kept(options);
}

interface WaitingFrame {
  readonly fault: Fault;
  readonly text: string;
}

class Kept implements KeptFrames {
  readonly #options: KeepingOptions;
  readonly #timers = new Set<Disposable>();
  readonly #untilEnd = new Map<ActiveFault, string[]>();
  readonly #endings = new Map<ActiveFault, Disposable>();
  #behind: readonly WaitingFrame[] = [];
  #bytes = 0;

  constructor(options: KeepingOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get hasBehind(): boolean {
    return this.#behind.length > 0;
  }

  keepFor(text: string, seconds: number): void {
    this.#bytes += Buffer.byteLength(text);
    const fire = (): void => {
      this.#timers.delete(timer);
      this.#letGo([text]);
    };
    const timer = this.#options.timers.setTimer(seconds * 1_000, fire, 'late message');
    this.#timers.add(timer);
  }

  keepUntilEnd(text: string, active: ActiveFault): void {
    this.#bytes += Buffer.byteLength(text);
    const others = this.#untilEnd.get(active);
    if (others !== undefined) {
      others.push(text);
      return;
    }
    this.#untilEnd.set(active, [text]);
    const end = (): void => {
      const texts = this.#untilEnd.get(active) ?? [];
      this.#untilEnd.delete(active);
      this.#endings.delete(active);
      this.#letGo(texts);
    };
    this.#endings.set(active, this.#options.register.onEnd(active, end));
  }

  keepBehind(text: string, fault: Fault): void {
    this.#bytes += Buffer.byteLength(text);
    this.#behind = [...this.#behind, { fault, text }];
  }

  takeBehind(fits: (fault: Fault) => boolean): readonly string[] {
    const taken = this.#behind.filter(({ fault }) => fits(fault));
    if (taken.length === 0) return [];
    this.#behind = this.#behind.filter((frame) => !taken.includes(frame));
    const texts = taken.map(({ text }) => text);
    this.#forget(texts);
    return texts;
  }

  close(): void {
    for (const trigger of [...this.#timers, ...this.#endings.values()]) trigger[Symbol.dispose]();
    this.#timers.clear();
    this.#endings.clear();
    this.#untilEnd.clear();
    this.#behind = [];
    this.#bytes = 0;
  }

  #letGo(texts: readonly string[]): void {
    this.#forget(texts);
    this.#options.send(texts);
  }

  #forget(texts: readonly string[]): void {
    for (const text of texts) this.#bytes -= Buffer.byteLength(text);
  }
}
