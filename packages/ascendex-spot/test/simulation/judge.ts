import type { SimulationStage } from '@venuekit/connector-testkit/simulation';
import type { ExchangeTruth } from '../models/exchange-truth.ts';
import { hidesDepth, hidesTrades } from './fault-plan.ts';

/** What everything in a run is judged with. */
export interface Judge extends Pick<SimulationStage, 'violate' | 'count'> {
  readonly truth: ExchangeTruth;
  /** Virtual milliseconds. */
  now(): number;
  /** Waits in virtual time that belongs to no process. */
  sleep(ms: number): Promise<void>;
  /** True if the plan has faults by which trades may be missing, or in another order, without a sign. */
  readonly hidesTrades: boolean;
  /** True if the plan has faults by which changes of books, or whole books, may be missing, wrong, or in another order. */
  readonly hidesDepth: boolean;
}

/** Makes the judge of a run. */
export function createJudge(stage: SimulationStage, truth: ExchangeTruth): Judge {
  const { clock, timers } = stage.world;
  const { faults } = stage.plan;
  return {
    truth,
    hidesTrades: faults.some(hidesTrades),
    hidesDepth: faults.some(hidesDepth),
    violate: (invariant, message) => stage.violate(invariant, message),
    count: (name, by) => stage.count(name, by),
    now: () => clock.monotonic(),
    sleep: (ms) => new Promise((resolve) => void timers.setTimer(ms, resolve, 'scenario')),
  };
}
