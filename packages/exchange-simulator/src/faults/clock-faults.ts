import type { Clock } from '@venuekit/connector-core';
import type { ActiveFault, FaultRegister } from './fault-register.ts';

/** What the venue's clock shows, in milliseconds since the epoch. One that is stopped shows what it did when the oldest stop began. */
export function venueNowMs(register: FaultRegister, clock: Clock): number {
  const faults = register.at('venue');
  if (faults.length === 0) return clock.now();
  const stop = faults.find(({ fault }) => fault.kind === 'clock-stop');
  const realMs = stop?.beganAtTimeMs ?? clock.now();
  const nowMs = stop?.beganAtMs ?? clock.monotonic();
  return realMs + Math.round(faults.reduce((sum, active) => sum + offsetOf(active, nowMs), 0));
}

function offsetOf({ fault, beganAtMs }: ActiveFault, nowMs: number): number {
  switch (fault.kind) {
    case 'clock-skew':
      return (fault.seconds ?? 60) * 1_000;
    case 'clock-drift':
      return (fault.seconds ?? 1) * (Math.max(0, nowMs - beganAtMs) / 60);
    default:
      return 0;
  }
}
