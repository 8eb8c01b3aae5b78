import type { SimulationStage, SimulationStep } from '@venuekit/connector-testkit/simulation';
import type { ExchangeTruth } from '../models/exchange-truth.ts';
import { hidesDepth, hidesTrades, waitsForTraffic } from './fault-plan.ts';

/** A fault without an end strikes next messages of the venue, which come within so long. */
const lingersMs = 10_000;

/** What everything in a run is judged with. */
export interface Judge extends Pick<SimulationStage, 'violate' | 'count'> {
  readonly truth: ExchangeTruth;
  /** Virtual milliseconds. */
  now(): number;
  /** The venue's time, in milliseconds since the epoch. */
  venueNow(): number;
  /** True if the venue sends odd frames. */
  readonly isOdd: boolean;
  /** Waits in virtual time that belongs to no process. */
  sleep(ms: number): Promise<void>;
  /** Who is judged. */
  readonly client: string;
  /** True if the venue need not answer the client any more. */
  readonly isShutOut: () => boolean;
  /**
   * True if the plan has a fault by which something of a pair may be missing, wrong, or in another order at the client, without a
   * sign, between a time of the venue and now.
   */
  hides(what: 'trades' | 'depth', pair: string, sinceMs: number): boolean;
}

/** Makes the judge of a run, for one client of it, which `isShutOut` may excuse from coming back. */
export function createJudge(
  stage: SimulationStage,
  truth: ExchangeTruth,
  client: string,
  isShutOut: (client: string) => boolean,
): Judge {
  const { clock, timers } = stage.world;
  const { faults, switches } = stage.plan;
  const hiding = { trades: faults.filter(hidesTrades), depth: faults.filter(hidesDepth) };
  return {
    ...{ truth, client },
    isShutOut: () => isShutOut(client),
    isOdd: switches.frames === 'odd',
    hides: (what, pair, sinceMs) => {
      const fromMs = sinceMs - (clock.now() - clock.monotonic());
      return hiding[what].some(
        (step) =>
          concerns(step, client, what, pair) && step.atMs <= clock.monotonic() && endOf(step) >= fromMs,
      );
    },
    violate: (invariant, message) => stage.violate(invariant, message),
    count: (name, by) => stage.count(name, by),
    now: () => clock.monotonic(),
    venueNow: () => clock.now(),
    sleep: (ms) => new Promise((resolve) => void timers.setTimer(ms, resolve, 'scenario')),
  };
}

/** Whom and what a fault strikes; what it does not say it strikes everywhere. */
function concerns(
  { with: fields = {} }: SimulationStep,
  client: string,
  what: string,
  pair: string,
): boolean {
  const { channel = what, client: struck = client, symbol = toSymbol(pair) } = fields;
  return struck === client && channel === what && symbol === toSymbol(pair);
}

/** When a fault is over. One that waits for a next frame may strike at any time. */
function endOf(step: SimulationStep): number {
  if (waitsForTraffic(step)) return Number.POSITIVE_INFINITY;
  return step.atMs + Number(step.with?.forMs ?? lingersMs);
}

function toSymbol(pair: string): string {
  return pair.replace('-', '/');
}
