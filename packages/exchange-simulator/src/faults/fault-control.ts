import type { Timers } from '@venuekit/connector-core';
import type { Market } from '../market/market.ts';
import { createDepthFaults, type DepthFaults } from './depth-faults.ts';
import { checkFault, type Fault, type FaultKind, faultKinds } from './fault.ts';

/** The faults of a running simulator. */
export interface FaultControl {
  /** What strikes depth messages. */
  readonly depth: DepthFaults;
  /** True while nothing may be sent. */
  readonly silent: boolean;
  /** True while new connections are refused. */
  readonly refusing: boolean;
  /** How late a book is given, in milliseconds of real time. */
  readonly snapshotDelayMs: number;
  /** How often each kind took effect; those on depth messages count once per symbol. */
  readonly fired: Readonly<Record<FaultKind, number>>;
  /**
   * Plans a fault. One with `atSeconds` 0, or whose time is past, takes effect at once.
   * @throws VenueError `invalid-options` if it makes no sense.
   */
  inject(fault: Fault): void;
  /** Plans a fault by the market's clock, which starts with the first depth subscription: also one at 0 waits for that. */
  plan(fault: Fault): void;
}

/** What faults act on. */
export interface FaultTargets {
  readonly market: Market;
  readonly timers: Timers;
  /** Cuts every connection. */
  readonly dropAll: () => void;
  /** Divides durations that are spent in real time: the speed of a replay, else 1. */
  readonly speed: number;
}

const defaultSnapshotDelaySeconds = 2;

/** Makes the control of faults; nothing is wrong yet. */
export function createFaultControl({ market, timers, dropAll, speed }: FaultTargets): FaultControl {
  const fired = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  const depth = createDepthFaults((kind) => {
    fired[kind] += 1;
  });
  let silences = 0;
  let refusals = 0;
  let snapshotDelayMs = 0;

  function silence(durationSeconds: number | undefined): void {
    silences += 1;
    // The market may be waiting for somebody who cannot hear it any more.
    market.reconsider();
    if (durationSeconds === undefined) return;
    market.schedule(market.elapsedSeconds() + durationSeconds, () => {
      silences -= 1;
    });
  }

  function refuse(durationSeconds: number | undefined): void {
    refusals += 1;
    if (durationSeconds === undefined) return;
    const end = (): void => {
      refusals -= 1;
    };
    timers.setTimer((durationSeconds * 1_000) / speed, end, 'end of refusal');
  }

  function apply({ kind, durationSeconds }: Fault): void {
    switch (kind) {
      case 'gap':
      case 'duplicate':
      case 'reorder':
      case 'malformed':
        depth.arm(kind);
        return;
      case 'drop':
        dropAll();
        break;
      case 'silence':
        silence(durationSeconds);
        break;
      case 'refuse':
        refuse(durationSeconds);
        break;
      case 'slow-snapshot':
        snapshotDelayMs = ((durationSeconds ?? defaultSnapshotDelaySeconds) * 1_000) / speed;
        break;
    }
    fired[kind] += 1;
  }

  return {
    depth,
    get silent() {
      return silences > 0;
    },
    get refusing() {
      return refusals > 0;
    },
    get snapshotDelayMs() {
      return snapshotDelayMs;
    },
    fired,
    inject(fault) {
      const { atSeconds } = checkFault(fault);
      if (atSeconds <= market.elapsedSeconds()) apply(fault);
      else market.schedule(atSeconds, () => apply(fault));
    },
    plan(fault) {
      const { atSeconds } = checkFault(fault);
      market.schedule(atSeconds, () => apply(fault));
    },
  };
}
