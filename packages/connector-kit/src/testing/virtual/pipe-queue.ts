/** Something under way. */
export interface PipeItem {
  readonly bytes: number;
  /** Earliest arrival, in microseconds since the start; what is in front comes first all the same. */
  readonly dueUs: number;
  readonly arrive: () => void;
}

/** What is given away at the front is let go of when there is this much of it. */
const mostGone = 1_024;

/** What is under way in a pipe, first in, first out. Taking from the front costs the same however much waits. */
export class PipeQueue {
  #items: PipeItem[] = [];
  #head = 0;
  /** Bytes of all that is under way. */
  bytes = 0;

  /** What comes next. */
  get first(): PipeItem | undefined {
    return this.#items[this.#head];
  }

  add(item: PipeItem): void {
    this.#items.push(item);
    this.bytes += item.bytes;
  }

  take(): PipeItem | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    this.bytes -= item.bytes;
    if (this.#head >= mostGone && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** How many at the front are due. */
  due(nowUs: number): number {
    let end = this.#head;
    for (let item = this.#items[end]; item !== undefined && item.dueUs <= nowUs; item = this.#items[end])
      end += 1;
    return end - this.#head;
  }

  /** True if not only the first is due. */
  hasRun(nowUs: number): boolean {
    const second = this.#items[this.#head + 1];
    return second !== undefined && second.dueUs <= nowUs;
  }

  /** How many at the back do not fit into the first `bytes` bytes. */
  beyond(bytes: number): number {
    let rest = bytes;
    let at = this.#head;
    for (let item = this.#items[at]; item !== undefined; item = this.#items[at]) {
      rest -= item.bytes;
      if (rest < 0) break;
      at += 1;
    }
    return this.#items.length - at;
  }

  /** Takes away the last `count`. */
  drop(count: number): void {
    for (let dropped = 0; dropped < count; dropped += 1) this.bytes -= this.#items.pop()?.bytes ?? 0;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
    this.bytes = 0;
  }
}
