import type { Caller } from '../dialect/dialect.ts';
import { statusOf } from './fault-catalogue.ts';
import type { FaultRegister } from './fault-register.ts';
import type { Fault, FaultKind } from './fault-types.ts';
import { fitsCaller } from './struck-stream.ts';

/** Something because of which everything is answered alike. */
export interface Outage {
  readonly fault: Fault;
  /** HTTP status of every answer. */
  readonly status: number;
}

const outages: readonly FaultKind[] = ['restart', 'venue-closed', 'address-ban'];

/** What makes the whole venue unavailable for a caller now, if anything does. */
export function outageOf(register: FaultRegister, caller: Caller, path: string): Outage | undefined {
  for (const place of ['venue', 'limits'] as const) {
    for (const { fault } of register.at(place)) {
      if (!outages.includes(fault.kind) || !fitsCaller(fault, caller, path)) continue;
      return { fault, status: statusOf(fault) };
    }
  }
  return undefined;
}
