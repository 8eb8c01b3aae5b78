/** A timer as the heap orders it. */
export interface HeapTimer {
  /** When it is fired, in whole microseconds since the start. */
  dueUs: number;
  /** What comes first at one instant: what a stall held back. */
  rank: number;
  /** When it was due before a stall held it back. */
  readonly plannedUs: number;
  /** Order of creation. */
  readonly order: number;
  /** Its place in the heap; -1 outside. */
  place: number;
  /** The tie key, drawn when it is first needed. */
  tie(): number;
}

/** True if `a` is fired before `b`. A total order: no two timers have the same order of creation. */
function isBefore(a: HeapTimer, b: HeapTimer): boolean {
  if (a.dueUs !== b.dueUs) return a.dueUs < b.dueUs;
  if (a.rank !== b.rank) return a.rank < b.rank;
  if (a.plannedUs !== b.plannedUs) return a.plannedUs < b.plannedUs;
  const tie = a.tie() - b.tie();
  return tie === 0 ? a.order < b.order : tie < 0;
}

/** A binary heap from which any timer can be taken. */
export class TimerHeap<T extends HeapTimer> {
  readonly #timers: T[] = [];

  /** The next one. */
  get first(): T | undefined {
    return this.#timers[0];
  }

  /** All of them, in the order in which they will be fired. */
  sorted(): readonly T[] {
    return [...this.#timers].sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  add(timer: T): void {
    this.#timers.push(timer);
    this.#rise(timer, this.#timers.length - 1);
  }

  /** Takes a timer out; one that is not in does nothing. */
  remove(timer: T): void {
    const { place } = timer;
    if (place < 0) return;
    timer.place = -1;
    const last = this.#timers.pop();
    if (last === undefined || last === timer) return;
    this.#rise(last, place);
    this.#sink(last, last.place);
  }

  #rise(timer: T, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#timers[above];
      if (parent === undefined || !isBefore(timer, parent)) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(timer, place);
  }

  #sink(timer: T, from: number): void {
    let place = from;
    for (;;) {
      const child = this.#firstChild(place);
      if (child === undefined || !isBefore(child, timer)) break;
      const below = child.place;
      this.#put(child, place);
      place = below;
    }
    this.#put(timer, place);
  }

  #firstChild(place: number): T | undefined {
    const left = this.#timers[place * 2 + 1];
    const right = this.#timers[place * 2 + 2];
    if (left === undefined || right === undefined) return left;
    return isBefore(right, left) ? right : left;
  }

  #put(timer: T, place: number): void {
    this.#timers[place] = timer;
    timer.place = place;
  }
}
