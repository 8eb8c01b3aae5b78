import { faultCatalogue } from '../faults/fault-catalogue.ts';
import type { FaultState } from '../faults/fault-register.ts';

/** What has become of a fault, so that nobody waits in vain. */
export interface FaultProgress {
  readonly id: number;
  /** `over` if it struck at once and is done. */
  readonly state: FaultState['state'] | 'over';
  /** In words, what it waits for before it strikes; absent if for nothing. */
  readonly waitsFor?: string;
}

/** Says it of one. `elapsedSeconds` is what the market's clock shows, 0 before it starts. */
export function describeProgress(
  id: number,
  known: FaultState | undefined,
  elapsedSeconds: number,
): FaultProgress {
  if (known === undefined) return { id, state: 'over' };
  const waitsFor = known.state === 'planned' ? waitOfPlanned(known, elapsedSeconds) : waitOfActive(known);
  return { id, state: known.state, ...(waitsFor === undefined ? {} : { waitsFor }) };
}

function waitOfPlanned({ fault: { atSeconds } }: FaultState, elapsedSeconds: number): string {
  if (elapsedSeconds <= 0)
    return `the first depth subscription of a client, from which its ${atSeconds} seconds count`;
  return `${atSeconds} seconds after the first depth subscription, ${Math.floor(elapsedSeconds)} of which have passed`;
}

function waitOfActive({ fault: { kind } }: FaultState): string | undefined {
  const { lasts, place, countsEach } = faultCatalogue[kind];
  if (lasts === 'next') return place === 'requests' ? 'requests that it fits' : 'messages that it fits';
  const strikesDepth =
    place === 'market' && countsEach === true && !faultCatalogue[kind].parts.includes('durationSeconds');
  return strikesDepth ? 'a depth message to a client that has the book' : undefined;
}
