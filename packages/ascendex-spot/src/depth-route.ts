import { createDepthScanner, type DepthKind } from '@venuekit/ascendex-wire';
import type { Instrument } from '@venuekit/connector-core';
import { stageOf } from '@venuekit/connector-kit/book';
import type { LiveMarkets } from '@venuekit/connector-kit/market-data';
import { withoutTime } from './depth-update.ts';

/** The way of depth updates from their bytes to their book, without an object for each of them. */
export interface DepthRoute {
  /** True if the frame was a depth update in the usual form; any other goes the exact way. */
  take(bytes: Uint8Array, receivedAtMs: number): boolean;
}

/** Makes the route to the books of these instruments. */
export function createDepthRoute(
  instruments: Iterable<Instrument>,
  markets: Pick<LiveMarkets, 'writer'>,
  channel: DepthKind,
): DepthRoute {
  const list = [...instruments];
  const pairs = list.map(({ pair }) => pair);
  const stages = list.map(stageOf);
  const scanner = createDepthScanner(
    list.map(({ venueSymbol }) => venueSymbol),
    { channel },
  );
  return {
    take(bytes, receivedAtMs) {
      const at = scanner.read(bytes, stages);
      const stage = stages[at];
      const pair = pairs[at];
      if (stage === undefined || pair === undefined) return false;
      withoutTime(stage);
      markets.writer(pair)?.book.stage(stage, receivedAtMs);
      return true;
    },
  };
}
