import type { Clock } from '@venuekit/connector-core';
import type { ActiveFault, FaultRegister } from './fault-register.ts';

/** How far the venue's clock is ahead now, in whole milliseconds; negative if it is behind. */
export function clockOffsetMs(register: FaultRegister, clock: Clock): number {
  const nowMs = clock.monotonic();
  return Math.round(register.at('venue').reduce((sum, active) => sum + offsetOf(active, nowMs), 0));
}

function offsetOf({ fault, beganAtMs }: ActiveFault, nowMs: number): number {
  const elapsedMs = nowMs - beganAtMs;
  switch (fault.kind) {
    case 'clock-skew':
      return (fault.seconds ?? 60) * 1_000;
    case 'clock-drift':
      return (fault.seconds ?? 1) * (elapsedMs / 60);
    case 'clock-stop':
      return -elapsedMs;
    default:
      return 0;
  }
}
