import type { Lane } from '../../src/limit-definition.ts';
import type { Charge } from './meter-model.ts';

/** What is drawn of a request that the order depends on. */
export interface RequestFacts {
  readonly limit: string;
  readonly lane: Lane;
  readonly weight: number | undefined;
  readonly deadlineMs: number | undefined;
  readonly refusesPenalty: boolean;
  /** Does not wait, and goes only where nobody does. */
  readonly asksOnce: boolean;
}

/** A request, as the model sees it. */
export interface ModelRequest extends RequestFacts {
  readonly sequence: number;
  readonly rank: number;
  readonly charges: ReadonlyMap<string, number>;
  readonly cameAtMs: number;
  /** When it would have had to come into the first lane to have its place. */
  readonly placeMs: number;
  /** How many waited when it came, itself included. */
  readonly waitingWithIt: number;
  aborted: boolean;
  held: Charge[];
}

/** A request for people. */
export function describeRequest({ sequence, limit, lane, charges, cameAtMs }: ModelRequest): string {
  const charged = [...charges].map(([id, weight]) => `${id}:${weight}`).join(' ');
  return `request ${sequence} (${lane}, names ${limit}, charged ${charged}, came at ${cameAtMs})`;
}
