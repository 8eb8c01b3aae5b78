import { VenueError } from '@venuekit/connector-core';

/**
 * Checks where a session is to dial.
 * @throws VenueError `invalid-options`. The text itself is not repeated: there may be a password in it.
 */
export function checkStreamUrl(text: string, venue: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^wss?:$/.test(url.protocol) && url.hash === '') return;
  const got = url === undefined ? 'something that is no URL' : `${url.protocol}//${url.host}`;
  throw new VenueError({
    code: 'invalid-options',
    venue,
    operation: 'stream',
    message: `expected a ws: or wss: URL without a fragment, got ${got}${url?.hash ? ' with one' : ''}`,
  });
}
