import type { ActionEntry } from './fault-ground.ts';
import type { Fault, FaultEntry, FaultKind, FaultPart, FaultPlace } from './fault-types.ts';
import { frameKinds } from './frame-kinds.ts';
import { limitKinds } from './limit-kinds.ts';
import { marketKinds } from './market-kinds.ts';
import { requestKinds } from './request-kinds.ts';
import { socketKinds } from './socket-kinds.ts';
import { venueKinds } from './venue-kinds.ts';

const actions = { ...socketKinds, ...venueKinds, ...limitKinds };

/** Every kind, with what it takes and what it does. */
export const faultCatalogue: Readonly<Record<FaultKind, FaultEntry>> = {
  ...marketKinds,
  ...frameKinds,
  ...requestKinds,
  ...actions,
};

/** Every {@link FaultKind}. */
export const faultKinds: readonly FaultKind[] = Object.keys(faultCatalogue) as FaultKind[];

/** What a kind does when it begins; nothing if it only waits to be asked for. */
export function actionsOf(kind: FaultKind): Pick<ActionEntry, 'begin' | 'trade'> {
  return Object.hasOwn(actions, kind) ? (actions[kind as keyof typeof actions] as ActionEntry) : {};
}

/** How long a fault lasts, in seconds; `undefined` if until the end. */
export function lastingSeconds({ kind, durationSeconds }: Fault): number | undefined {
  return durationSeconds ?? faultCatalogue[kind].defaultSeconds;
}

/** The HTTP status with which a fault refuses. */
export function statusOf({ kind, status }: Fault): number {
  return status ?? faultCatalogue[kind].defaultStatus ?? 503;
}

/** A row of the catalogue, for people. */
export interface FaultDescription {
  readonly kind: FaultKind;
  readonly place: FaultPlace;
  readonly parts: readonly FaultPart[];
  readonly lasts: FaultEntry['lasts'];
  readonly what: string;
}

/** The whole catalogue, in its order. */
export function describeFaults(): readonly FaultDescription[] {
  return faultKinds.map((kind) => {
    const { place, parts, lasts, what } = faultCatalogue[kind];
    return { kind, place, parts, lasts, what: lasts === 'next' ? `${what}${once}` : what };
  });
}

/** What is easily taken for a fault that stays. */
const once = '; once, if neither `count` nor a duration is given';
