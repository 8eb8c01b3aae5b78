import type { AsyncOptions } from '@venuekit/connector-core';
import type { RestClient } from './rest-client.ts';

/** How far the venue's clock is from ours. */
export interface ClockOffset {
  /** Venue time minus local time, in milliseconds. */
  readonly offsetMs: number;
  /** The offset is right to within this much: half the round trip of the best sample. */
  readonly boundMs: number;
}

/** Asks several times and takes the sample with the shortest round trip, which says the most. */
export async function fetchClockOffset(
  rest: RestClient,
  { samples = 3, ...options }: AsyncOptions & { readonly samples?: number } = {},
): Promise<ClockOffset> {
  let best: ClockOffset | undefined;
  for (let sample = 0; sample < Math.max(1, samples); sample += 1) {
    const { content, reply } = await rest.exchangeInfo(options);
    const boundMs = reply.roundTripMs / 2;
    const offsetMs = content.requestReceivedAtMs - (reply.sentAtMs + boundMs);
    if (best === undefined || boundMs < best.boundMs) best = { offsetMs, boundMs };
  }
  return best as ClockOffset;
}
