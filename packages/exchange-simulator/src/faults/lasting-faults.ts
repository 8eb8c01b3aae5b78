import type { BookImage, Market } from '../market/market.ts';
import type { Fault, FaultKind } from './fault.ts';

/** A fault that has begun and has not ended. */
export interface LastingFault {
  readonly fault: Fault;
  /** Books as they were when it began, if it needs them. */
  readonly books: ReadonlyMap<string, BookImage>;
}

/** Faults that last. */
export interface LastingFaults {
  /** Begins one. It ends by the market's clock, or never if it has no duration. */
  begin(fault: Fault, books?: ReadonlyMap<string, BookImage>): void;
  /** The one that began last among those of a kind that strike now; without a symbol, any of the kind. */
  find(kind: FaultKind, symbol?: string, channel?: string): LastingFault | undefined;
}

/** None has begun. */
export function createLastingFaults(market: Market): LastingFaults {
  const active: LastingFault[] = [];
  return {
    begin(fault, books = new Map()) {
      const lasting: LastingFault = { fault, books };
      active.push(lasting);
      if (fault.durationSeconds === undefined) return;
      market.schedule(market.elapsedSeconds() + fault.durationSeconds, () => {
        active.splice(active.indexOf(lasting), 1);
      });
    },
    find: (kind, symbol, channel) => active.findLast(({ fault }) => strikes(fault, kind, symbol, channel)),
  };
}

function strikes(fault: Fault, kind: FaultKind, symbol?: string, channel?: string): boolean {
  if (fault.kind !== kind) return false;
  const symbolFits = fault.symbol === undefined || fault.symbol === symbol;
  return symbolFits && (fault.channel === undefined || fault.channel === channel);
}
