import { createSigner, type DepthKind, venueId } from '@venuekit/ascendex-wire';
import { type Runtime, VenueError } from '@venuekit/connector-core';
import type { AscendexSpotOptions } from './options.ts';

/** What follows from the options for the stream. */
export interface StreamAccess {
  /** The channel of depth updates. */
  readonly depth: DepthKind;
  /** Makes the message that logs in, signed at the moment; `undefined` for sessions without a login. */
  readonly encodeLogin: (() => string) | undefined;
}

/**
 * Finds out what the stream is used with.
 * @throws VenueError `invalid-options` for credentials that are none, and for real-time depth without any; no message shows a key.
 */
export function streamAccess(
  { credentials, venueOptions: { depth = 'throttled' } = {} }: AscendexSpotOptions,
  { clock, ids }: Pick<Runtime, 'clock' | 'ids'>,
): StreamAccess {
  if (depth !== 'throttled' && depth !== 'realtime')
    throw invalid(`depth: expected throttled or realtime, got ${JSON.stringify(depth)}`);
  const signer = credentials === undefined ? undefined : createSigner(credentials);
  if (depth === 'throttled') return { depth: 'depth', encodeLogin: undefined };
  if (signer === undefined) throw invalid('depth: expected credentials beside realtime, got none');
  return {
    depth: 'depth-realtime',
    encodeLogin: () => signer.streamAuth(Math.trunc(clock.now()), { id: ids.next('auth') }),
  };
}

function invalid(message: string): VenueError {
  const operation = 'createAscendexSpot';
  return new VenueError({
    code: 'invalid-options',
    venue: venueId,
    operation,
    message: `venueOptions.${message}`,
  });
}
