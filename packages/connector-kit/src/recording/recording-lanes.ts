import type { RecordingWriter, WriterCounts } from './recording-writer.ts';

/** A place for one socket at a time. */
export interface Lane {
  readonly writer: RecordingWriter;
  /** The socket has come up. */
  opened(url: string): void;
  /** Lets another socket have it. */
  free(): void;
}

/** Which writer takes down which socket. */
export class RecordingLanes {
  readonly #target: RecordingWriter | ((lane: number) => RecordingWriter);
  readonly #onRefused: () => void;
  readonly #lanes: { readonly writer: RecordingWriter; isBusy: boolean }[] = [];
  /** Sockets that got a lane and came up. */
  taken = 0;
  /** Sockets that got none. */
  refused = 0;

  constructor(target: RecordingWriter | ((lane: number) => RecordingWriter), onRefused: () => void) {
    this.#target = target;
    this.#onRefused = onRefused;
  }

  /** The writer of lane 0. */
  get first(): RecordingWriter {
    return this.#lane(0).writer;
  }

  /** Of all lanes together. */
  get counts(): WriterCounts {
    const sum = { lines: 0, secret: 0, unreadable: 0 };
    for (const { writer } of this.#lanes) {
      const { lines, secret, unreadable } = writer.counts;
      sum.lines += lines;
      sum.secret += secret;
      sum.unreadable += unreadable;
    }
    return sum;
  }

  /** The lowest lane that is free; `undefined` if there is one writer and it is busy. */
  take(): Lane | undefined {
    const free = this.#lanes.findIndex(({ isBusy }) => !isBusy);
    const number = free < 0 ? this.#lanes.length : free;
    if (number > 0 && typeof this.#target !== 'function') {
      this.refused += 1;
      this.#onRefused();
      return undefined;
    }
    const lane = this.#lane(number);
    lane.isBusy = true;
    return {
      writer: lane.writer,
      opened: (url) => {
        this.taken += 1;
        lane.writer.opened(url);
      },
      free: () => {
        lane.isBusy = false;
      },
    };
  }

  #lane(number: number): { readonly writer: RecordingWriter; isBusy: boolean } {
    const known = this.#lanes[number];
    if (known !== undefined) return known;
    const writer = typeof this.#target === 'function' ? this.#target(number) : this.#target;
    const lane = { writer, isBusy: false };
    this.#lanes[number] = lane;
    return lane;
  }
}
