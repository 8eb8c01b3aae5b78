import type { Clock } from '@venuekit/connector-core';
import type { Fault, FaultEntry, FaultKind, FaultPlace } from './fault-types.ts';

/** A fault that has begun and has not ended. */
export interface ActiveFault {
  readonly id: number;
  readonly fault: Fault;
  /** By the monotonic clock, in milliseconds. */
  readonly beganAtMs: number;
  /** By the wall clock, in milliseconds since the epoch. */
  readonly beganAtTimeMs: number;
  /** How often it has struck. */
  readonly strikes: number;
}

/** A fault that has not ended, for people. */
export interface FaultState {
  readonly id: number;
  readonly fault: Fault;
  /** `planned` faults wait for their time. */
  readonly state: 'planned' | 'active';
  readonly strikes: number;
}

/** The faults that are planned and those that strike now. */
export interface FaultRegister {
  /** Enters a fault that waits for its time; gives its number. */
  plan(fault: Fault): number;
  /** One that has been planned begins; `undefined` if it was ended before. */
  begin(id: number): ActiveFault | undefined;
  /** Ends a fault, or gives up one that is planned; false if there is none of that number any more. */
  end(id: number): boolean;
  /** Calls `undo` when a fault ends, at once if it has. Disposing forgets that. */
  onEnd(active: ActiveFault, undo: () => void): Disposable;
  /** The faults that strike at a place now, oldest first. */
  at(place: FaultPlace): readonly ActiveFault[];
  /** The newest of a kind that strikes now, among those that `fits` takes. */
  newest(kind: FaultKind, fits?: (fault: Fault) => boolean): ActiveFault | undefined;
  /**
   * It strikes something, by `act`. One that then has struck all that it was to strike is over before `act`, so that whoever answers at once is
   * spared; what undoes it follows behind.
   */
  strike(active: ActiveFault, act: () => void): void;
  readonly states: readonly FaultState[];
}

interface Line {
  readonly id: number;
  readonly fault: Fault;
  readonly place: FaultPlace;
  readonly undoing: Set<() => void>;
  /** How many it may still strike. */
  left: number;
  beganAtMs: number;
  beganAtTimeMs: number;
  strikes: number;
  state: 'planned' | 'active';
}

/** Makes an empty register. */
export function createFaultRegister(
  catalogue: Readonly<Record<FaultKind, FaultEntry>>,
  clock: Clock,
): FaultRegister {
  return new Register(catalogue, clock);
}

class Register implements FaultRegister {
  readonly #catalogue: Readonly<Record<FaultKind, FaultEntry>>;
  readonly #clock: Clock;
  readonly #lines = new Map<number, Line>();
  /** A list is replaced when it changes, so that whoever goes through one is not disturbed. */
  readonly #active = new Map<FaultPlace, readonly Line[]>();
  #last = 0;

  constructor(catalogue: Readonly<Record<FaultKind, FaultEntry>>, clock: Clock) {
    this.#catalogue = catalogue;
    this.#clock = clock;
  }

  get states(): readonly FaultState[] {
    return [...this.#lines.values()].map(({ id, fault, state, strikes }) => ({ id, fault, state, strikes }));
  }

  plan(fault: Fault): number {
    this.#last += 1;
    const { lasts, place } = this.#catalogue[fault.kind];
    const one = lasts === 'next' && fault.durationSeconds === undefined;
    const left = fault.count ?? (one ? 1 : Number.POSITIVE_INFINITY);
    const line: Line = {
      ...{ id: this.#last, fault, place, left, undoing: new Set(), strikes: 0 },
      ...{ beganAtMs: 0, beganAtTimeMs: 0, state: 'planned' },
    };
    this.#lines.set(line.id, line);
    return line.id;
  }

  begin(id: number): ActiveFault | undefined {
    const line = this.#lines.get(id);
    if (line === undefined || line.state === 'active') return undefined;
    line.state = 'active';
    line.beganAtMs = this.#clock.monotonic();
    line.beganAtTimeMs = this.#clock.now();
    this.#active.set(line.place, [...(this.#active.get(line.place) ?? []), line]);
    return line;
  }

  end(id: number): boolean {
    const line = this.#lines.get(id);
    if (line === undefined) return false;
    this.#lines.delete(id);
    this.#withdraw(line);
    const undoing = [...line.undoing];
    line.undoing.clear();
    for (const undo of undoing) undo();
    return true;
  }

  onEnd({ id }: ActiveFault, undo: () => void): Disposable {
    const undoing = this.#lines.get(id)?.undoing;
    if (undoing === undefined) undo();
    else undoing.add(undo);
    return { [Symbol.dispose]: () => void undoing?.delete(undo) };
  }

  at(place: FaultPlace): readonly ActiveFault[] {
    return this.#active.get(place) ?? none;
  }

  newest(kind: FaultKind, fits: (fault: Fault) => boolean = () => true): ActiveFault | undefined {
    return this.at(this.#catalogue[kind].place).findLast(({ fault }) => fault.kind === kind && fits(fault));
  }

  strike({ id }: ActiveFault, act: () => void): void {
    const line = this.#lines.get(id);
    if (line === undefined) {
      act();
      return;
    }
    line.strikes += 1;
    line.left -= 1;
    const isSpent = line.left <= 0;
    if (isSpent) this.#withdraw(line);
    act();
    if (isSpent) this.end(id);
  }

  /** It strikes nothing more. */
  #withdraw(line: Line): void {
    const rest = (this.#active.get(line.place) ?? []).filter((other) => other !== line);
    this.#active.set(line.place, rest);
  }
}

const none: readonly ActiveFault[] = [];
