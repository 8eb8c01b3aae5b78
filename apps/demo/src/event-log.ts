import type { Clock, Pair } from '@venuekit/connector-core';
import type { NotedEvent, Severity } from './view-model.ts';

/** Events of one kind that came at nearly the same time. */
interface Group {
  readonly elapsedMs: number;
  readonly severity: Severity;
  readonly text: string;
  readonly pairs: Set<Pair>;
}

/** A lost connection touches every pair at once; that is one line and not one per pair. */
const groupMs = 250;
/** More than any screen shows. */
const mostGroups = 200;

/** What happened during a run, in short lines. */
export class EventLog {
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  #groups: Group[] = [];
  #taken = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAtMs = clock.monotonic();
  }

  /** Since the start of the run, in milliseconds. */
  get elapsedMs(): number {
    return this.#clock.monotonic() - this.#startedAtMs;
  }

  /** Notes an event, of one pair or of the whole. */
  note(severity: Severity, text: string, pair?: Pair): void {
    const { elapsedMs } = this;
    const earliest = elapsedMs - groupMs;
    let group = this.#groups.findLast((known) => known.text === text && known.elapsedMs >= earliest);
    if (group === undefined || !this.#canGrow(group, pair)) {
      group = { elapsedMs, severity, text, pairs: new Set() };
      this.#groups.push(group);
      this.#trim();
    }
    if (pair !== undefined) group.pairs.add(pair);
  }

  /** True if the group was not told yet and nothing of the pair stands behind it: a line must not come before its cause. */
  #canGrow(group: Group, pair: Pair | undefined): boolean {
    const place = this.#groups.indexOf(group);
    if (place < this.#taken) return false;
    return pair === undefined || !this.#groups.slice(place + 1).some(({ pairs }) => pairs.has(pair));
  }

  /** All that is kept, oldest first. */
  all(): readonly NotedEvent[] {
    return this.#groups.map(toEvent);
  }

  /** Events that were not taken before and will not change any more; with `rest`, the others too. */
  take(rest = false): readonly NotedEvent[] {
    const settled = this.elapsedMs - groupMs;
    const fresh = this.#groups.slice(this.#taken).filter((group) => rest || group.elapsedMs < settled);
    this.#taken += fresh.length;
    return fresh.map(toEvent);
  }

  #trim(): void {
    const surplus = this.#groups.length - mostGroups;
    if (surplus <= 0) return;
    this.#groups = this.#groups.slice(surplus);
    this.#taken = Math.max(0, this.#taken - surplus);
  }
}

function toEvent({ elapsedMs, severity, text, pairs }: Group): NotedEvent {
  const [first] = pairs;
  const subject = pairs.size > 1 ? `${pairs.size} pairs: ` : first === undefined ? '' : `${first}: `;
  return { elapsedMs, severity, text: `${subject}${text}` };
}
