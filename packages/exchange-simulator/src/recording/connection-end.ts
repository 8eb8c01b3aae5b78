import { excerpt } from './exact-json.ts';
import { ShapeError } from './recorded-message.ts';
import type { ConnectionEnd } from './recorded-session.ts';

const closeText = /^close (\d{4})$/;

/**
 * Reads how a connection ended: `cut`, `left`, or `close` with a code that a closing handshake may have.
 * @throws ShapeError if it is none of these.
 */
export function parseEnd(text: string): ConnectionEnd {
  if (text === 'cut' || text === 'left') return { how: text };
  const end = closedWith(Number(closeText.exec(text)?.[1]));
  if (end.how === 'close') return end;
  throw new ShapeError(`expected cut, left or close with a code such as close 1000, got ${excerpt(text)}`);
}

/** The text of an end, as {@link parseEnd} reads it. */
export function formatEnd(end: ConnectionEnd): string {
  return end.how === 'close' ? `close ${end.code}` : end.how;
}

/** An end by a closing handshake; with a code that no handshake may have, it is none, and the connection is cut. */
export function closedWith(code: number): ConnectionEnd {
  const ofProtocol = code >= 1_000 && code <= 1_014 && !(code >= 1_004 && code <= 1_006);
  const ofApplications = code >= 3_000 && code <= 4_999;
  return ofProtocol || ofApplications ? { how: 'close', code } : { how: 'cut' };
}
