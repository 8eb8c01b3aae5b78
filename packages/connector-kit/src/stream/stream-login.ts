import { isVenueError, VenueError, type VenueErrorCode } from '@venuekit/connector-core';
import type { Connection } from './stream-connection.ts';
import { type StreamLimits, sendCounted } from './stream-limits.ts';

/** What a login on one connection needs. */
export interface LoginPort {
  readonly limits: StreamLimits;
  readonly venue: string;
  /** Makes the message, at the moment at which it leaves. */
  readonly encode: () => string;
  /** There is no message to send. */
  readonly failed: (error: VenueError) => void;
}

/** Refusals that another dial would not change, and of which too many get an address banned. */
const finalCodes: ReadonlySet<VenueErrorCode> = new Set(['authentication', 'permission']);

/** Whether a refused login is worth no other try until something else has changed, such as the key. */
export function isFinalLoginError({ code }: VenueError): boolean {
  return finalCodes.has(code);
}

/** Sends the login on a connection when the limits let it, once. The text is in nobody's hands but the socket's. */
export function sendLogin(connection: Connection, port: LoginPort): void {
  if (connection.login !== 'due') return;
  connection.login = 'asked';
  const { limits, failed } = port;
  const send = (): void => {
    try {
      const text = port.encode();
      // Before it is sent: a venue in memory answers within the call.
      connection.login = 'sent';
      connection.socket?.send(text);
    } catch (error) {
      failed(isVenueError(error) ? error : unexplained(port.venue, error));
    }
  };
  sendCounted(limits, limits.login ?? limits.ping, send, connection.left.signal).catch((error) =>
    failed(unexplained(port.venue, error)),
  );
}

/** Neither the message nor the cause: whoever makes a login has the secret at hand. */
function unexplained(venue: string, error: unknown): VenueError {
  const got = error instanceof Error ? error.name : typeof error;
  return new VenueError({
    ...{ code: 'protocol', venue, operation: 'stream' },
    message: `expected a login message, got ${got}`,
  });
}
