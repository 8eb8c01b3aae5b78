import type { Lane, LimitDefinition, LimitWindow } from '../../src/limit-definition.ts';

/** The lanes, the first to be served first. Written down here again, so that a mistake in the other list shows. */
export const laneOrder: readonly Lane[] = ['cancel', 'place', 'query', 'background'];

/**
 * What a request of a limit is charged, by limit: each once, with the greatest of the weights. A link without a weight passes on what
 * the limit before it is charged.
 */
export function chargesOf(
  definitions: readonly LimitDefinition[],
  id: string,
  stated: number | undefined,
): Map<string, number> {
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));
  const charges = new Map([[id, stated ?? byId.get(id)?.weight ?? 1]]);
  // Without cycles no way is longer than there are limits.
  for (let length = 0; length < definitions.length; length += 1) {
    for (const [reached, charged] of [...charges]) {
      for (const link of byId.get(reached)?.links ?? []) {
        charges.set(link.id, Math.max(charges.get(link.id) ?? 0, link.weight ?? charged));
      }
    }
  }
  return charges;
}

/** What we may use of a window. */
export function shareOf(window: LimitWindow, percent: number): number {
  return Math.floor((window.capacity * percent) / 100);
}

/** What lanes from `rank` downwards may use together, after what is reserved for those above. */
export function ceilingOf(window: LimitWindow, share: number, rank: number): number {
  return share - reservedAbove(window, rank);
}

/** What is reserved for the lanes above `rank`. */
export function reservedAbove(window: LimitWindow, rank: number): number {
  const reserved: Partial<Record<Lane, number>> = window.reserved ?? {};
  return laneOrder.slice(0, rank).reduce((sum, lane) => sum + (reserved[lane] ?? 0), 0);
}
