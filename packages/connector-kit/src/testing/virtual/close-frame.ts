/** Milliseconds that a closing handshake may take, as in `ws`. */
export const closeTimeoutMs = 30_000;

/** What a client hears after a message that is too long, as from `ws`. */
export const tooLongReason: string = 'Max payload size exceeded';

/** Throws what `ws` throws for a code that nobody may send, and for a reason that does not fit into a frame. */
export function checkCloseFrame(code: number, reason: string): void {
  const isStandard = code >= 1_000 && code <= 1_014 && code !== 1_004 && code !== 1_005 && code !== 1_006;
  if (!isStandard && !(code >= 3_000 && code <= 4_999))
    throw new TypeError('First argument must be a valid error code number');
  if (Buffer.byteLength(reason) > 123) throw new RangeError('The message must not be greater than 123 bytes');
}
