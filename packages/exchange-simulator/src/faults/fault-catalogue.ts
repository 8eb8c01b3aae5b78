import type { ActionEntry } from './fault-ground.ts';
import type { FaultEntry, FaultKind, FaultPart, FaultPlace } from './fault-types.ts';
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

/** What a kind of a place does when it begins; nothing if it only waits to be asked for. */
export function actionOf(kind: FaultKind): ActionEntry['begin'] {
  return Object.hasOwn(actions, kind)
    ? (actions[kind as keyof typeof actions] as ActionEntry).begin
    : undefined;
}

/** A row of the catalogue, for people. */
export interface FaultDescription {
  readonly kind: FaultKind;
  readonly place: FaultPlace;
  readonly parts: readonly FaultPart[];
  readonly lasts: FaultEntry['lasts'];
  readonly what: string;
  /** Numbers of the faults of a client's world, such as `F22`, that it makes possible. */
  readonly makes: readonly string[];
}

/** The whole catalogue, in its order. */
export function describeFaults(): readonly FaultDescription[] {
  return faultKinds.map((kind) => {
    const { place, parts, lasts, what, makes } = faultCatalogue[kind];
    return { kind, place, parts, lasts, what: lasts === 'next' ? `${what}${once}` : what, makes };
  });
}

/** What is easily taken for a fault that stays. */
const once = '; once, if neither `count` nor a duration is given';
