import { Buffer } from 'node:buffer';
import { createHmac, createSecretKey } from 'node:crypto';
import { VenueError } from '@venuekit/connector-core';
import { streamPrehash } from './endpoints.ts';
import { venueId } from './venue.ts';

/** The two halves of an API key. */
export interface Credentials {
  /** The public half; it travels with every signed request. */
  readonly apiKey: string;
  /** The secret half. Its text is the key of the signature as it is; it is not base64 to be decoded. */
  readonly secret: string;
}

/** The headers of a signed request. */
export interface SignedHeaders {
  readonly 'x-auth-key': string;
  readonly 'x-auth-timestamp': string;
  readonly 'x-auth-signature': string;
}

/** What an `auth` message is made with. */
export interface StreamAuthOptions {
  /** Comes back in the reply. */
  readonly id: string;
  /** `ready` asks for the Ready-Ack order events, for the whole session. */
  readonly ack?: 'ready';
}

/** Signs requests. Keeps the secret where neither `console.log` nor `JSON.stringify` nor a debugger's property list shows it. */
export interface Signer {
  /**
   * The signature of a request: base64 of HMAC-SHA256 over `<timestampMs>+<prehash>`. Neither query nor body is signed.
   * @param prehash the `prehash` of the endpoint.
   * @param timestampMs wall time in milliseconds; the venue refuses what is more than 30 seconds off its own.
   * @throws VenueError `invalid-request` if the time is not a whole number of milliseconds.
   */
  sign(prehash: string, timestampMs: number): string;
  /** The headers of a signed request, with one time for the header and the signature. Throws as {@link Signer.sign}. */
  headers(prehash: string, timestampMs: number): SignedHeaders;
  /** The `auth` message of a stream, as the text to send. Throws as {@link Signer.sign}. */
  streamAuth(timestampMs: number, options: StreamAuthOptions): string;
}

/** Visible ASCII: what a header can carry without changing it. */
const headerText = /^[\x21-\x7e]+$/;

/**
 * Makes a signer. Synchronous, and without any I/O.
 *
 * Source: docs, "Sign a Request" and "WSS Authenticate".
 * @throws VenueError `invalid-options` if the key or the secret is empty or holds spaces; the message shows neither.
 */
export function createSigner({ apiKey, secret }: Credentials): Signer {
  requireHeaderText('apiKey', apiKey);
  requireHeaderText('secret', secret);
  const key = createSecretKey(Buffer.from(secret, 'utf8'));

  function sign(prehash: string, timestampMs: number): string {
    return createHmac('sha256', key)
      .update(`${timestampText(timestampMs)}+${prehash}`)
      .digest('base64');
  }

  return {
    sign,
    headers: (prehash, timestampMs) => ({
      'x-auth-key': apiKey,
      'x-auth-timestamp': timestampText(timestampMs),
      'x-auth-signature': sign(prehash, timestampMs),
    }),
    streamAuth: (timestampMs, { id, ack }) =>
      JSON.stringify({
        op: 'auth',
        id,
        t: timestampMs,
        key: apiKey,
        sig: sign(streamPrehash, timestampMs),
        ack,
      }),
  };
}

function timestampText(timestampMs: number): string {
  if (Number.isSafeInteger(timestampMs) && timestampMs >= 0) return String(timestampMs);
  throw new VenueError({
    code: 'invalid-request',
    venue: venueId,
    operation: 'sign',
    message: `timestampMs: expected whole milliseconds since the epoch, got ${timestampMs}`,
  });
}

function requireHeaderText(name: keyof Credentials, value: unknown): void {
  if (typeof value === 'string' && headerText.test(value)) return;
  const got = typeof value === 'string' ? `${value.length} characters` : typeof value;
  throw new VenueError({
    code: 'invalid-options',
    venue: venueId,
    operation: 'createSigner',
    message: `${name}: expected visible ASCII text without spaces, got ${got} that are not`,
  });
}
