import type { VirtualLink } from '@venuekit/connector-kit/testing';

/** Faults of links, of which those that wait for a next message or request may never strike. */
export class LinkStrikes {
  readonly #planned = new Map<string, number>();
  readonly #struck = new Map<string, number>();

  /** So many of a kind wait for a next message or request. */
  wait(kind: string, count: number): void {
    this.#planned.set(kind, (this.#planned.get(kind) ?? 0) + count);
  }

  /** One of a kind has struck something. */
  strike(kind: string): void {
    this.#struck.set(kind, (this.#struck.get(kind) ?? 0) + 1);
  }

  /** How many of each kind have struck so far. */
  counts(links: readonly VirtualLink[]): ReadonlyMap<string, number> {
    const pending = links.flatMap((link) => link.pending);
    const counts = new Map(this.#struck);
    for (const [kind, planned] of this.#planned) {
      const left = pending.filter((text) => text.startsWith(kind)).length;
      counts.set(kind, planned - left);
    }
    return counts;
  }
}
