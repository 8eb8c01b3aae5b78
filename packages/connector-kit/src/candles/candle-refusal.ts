import { type Interval, type Pair, VenueError } from '@venuekit/connector-core';

/** The error of candles that cannot be. */
export function refusal(
  { pair, interval }: { readonly pair: Pair; readonly interval: Interval },
  message: string,
): VenueError {
  return new VenueError({
    code: 'protocol',
    operation: 'candles',
    message: `${pair} ${interval}: ${message}`,
  });
}
