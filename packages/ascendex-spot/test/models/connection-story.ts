import type { ConnectionState, ConnectorEvent } from '@venuekit/connector-core';
import type { GapBounds, Manner } from './gap-bounds.ts';

/** What may follow what. The first is told again to every new listener. */
const followers: Readonly<Record<ConnectionState, readonly ConnectionState[]>> = {
  idle: ['connecting', 'closed'],
  connecting: ['live', 'idle', 'closed'],
  live: ['down', 'closed'],
  degraded: [],
  down: ['live', 'closed'],
  closed: [],
};

/** What one listener of a connector is told about the connection. */
export class ConnectionStory {
  readonly #violate: (message: string) => void;
  readonly #bounds: GapBounds;
  readonly #localNow: () => number;
  #state: ConnectionState | undefined;
  /** A gap is due before the connection is live again. */
  #owesGap = false;
  #downs = 0;

  /** @param bounds until when the connection was good. */
  constructor(violate: (message: string) => void, bounds: GapBounds, localNow: () => number) {
    this.#violate = violate;
    this.#bounds = bounds;
    this.#localNow = localNow;
  }

  /** Losses of a live connection so far. */
  get downs(): number {
    return this.#downs;
  }

  /** An event was told. */
  take(event: ConnectorEvent, manner: Manner): void {
    if (this.#state === 'closed') this.#violate(`expected nothing after closed, got ${event.kind}`);
    if (event.kind === 'gap') {
      const problem = manner === 'told' ? this.#bounds.problemOf(event, this.#localNow()) : undefined;
      if (problem !== undefined) this.#violate(problem);
      this.#owesGap = false;
    }
    if (event.kind !== 'connection') return;
    const { state } = event;
    const before = this.#state;
    if (before !== undefined && !followers[before].includes(state))
      this.#violate(`expected one of ${followers[before].join(', ')} after ${before}, got ${state}`);
    if (state === 'down') {
      this.#owesGap = true;
      this.#downs += 1;
    }
    if (state === 'live' && this.#owesGap) this.#violate('the connection was live again without a gap');
    this.#state = state;
  }
}
