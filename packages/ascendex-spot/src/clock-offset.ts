import { venueId } from '@venuekit/ascendex-wire';
import { type AsyncOptions, type Timers, VenueError } from '@venuekit/connector-core';
import { checkedCount } from './checked-count.ts';
import type { RestClient } from './rest-client.ts';

/** How far the venue's clock is from ours. */
export interface ClockOffset {
  /** Venue time minus local time, in milliseconds. */
  readonly offsetMs: number;
  /** The offset is right to within this much: half the round trip of the best sample. */
  readonly boundMs: number;
}

/** What an estimate of the offset takes. */
export interface ClockOffsetOptions extends AsyncOptions {
  /** How many round trips, from 1 to 20; 3 by default. */
  readonly samples?: number;
  /** Time for all samples together, in milliseconds; 10,000 by default. */
  readonly timeoutMs?: number;
}

const operation = 'fetchClockOffset';
const mostSamples = 20;
const defaultTimeoutMs = 10_000;

/** Asks several times and takes the sample with the shortest round trip, which says the most. */
export async function fetchClockOffset(
  rest: RestClient,
  timers: Timers,
  { samples = 3, signal, timeoutMs = defaultTimeoutMs }: ClockOffsetOptions = {},
): Promise<ClockOffset> {
  checkedCount(operation, 'samples', samples, mostSamples);
  const taken: ClockOffset[] = [];
  const deadline = new AbortController();
  const late = () => deadline.abort(tooLate(samples, timeoutMs, taken.length));
  const timer = timers.setTimer(timeoutMs, late, 'clock-offset-deadline');
  const until = signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, signal]);
  try {
    while (taken.length < samples) taken.push(await takeSample(rest, { signal: until, timeoutMs }));
  } finally {
    timer[Symbol.dispose]();
  }
  return taken.reduce((best, sample) => (sample.boundMs < best.boundMs ? sample : best));
}

async function takeSample(rest: RestClient, options: AsyncOptions): Promise<ClockOffset> {
  const { content, reply } = await rest.exchangeInfo(options);
  const boundMs = reply.roundTripMs / 2;
  return { offsetMs: content.requestReceivedAtMs - (reply.sentAtMs + boundMs), boundMs };
}

function tooLate(samples: number, timeoutMs: number, got: number): VenueError {
  const message = `expected ${samples} samples of the venue's clock within ${timeoutMs} ms, got ${got}`;
  return new VenueError({ code: 'timeout', venue: venueId, operation, message });
}
