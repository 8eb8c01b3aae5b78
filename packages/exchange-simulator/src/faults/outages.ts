import type { Caller } from '../dialect/dialect.ts';
import type { FaultRegister } from './fault-register.ts';
import type { Fault } from './fault-types.ts';
import { fitsCaller } from './struck-stream.ts';

/** Something because of which everything is answered alike. */
export interface Outage {
  readonly fault: Fault;
  /** HTTP status of every answer. */
  readonly status: number;
}

const usualStatus = { restart: 503, 'venue-closed': 503, 'address-ban': 403 } as const;

/** What makes the whole venue unavailable for a caller now, if anything does. */
export function outageOf(register: FaultRegister, caller: Caller, path: string): Outage | undefined {
  for (const place of ['venue', 'limits'] as const) {
    for (const { fault } of register.at(place)) {
      if (!isOutage(fault.kind) || !fitsCaller(fault, caller, path)) continue;
      return { fault, status: fault.status ?? usualStatus[fault.kind] };
    }
  }
  return undefined;
}

function isOutage(kind: string): kind is keyof typeof usualStatus {
  return Object.hasOwn(usualStatus, kind);
}
