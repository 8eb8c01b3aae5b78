import type { RecordedCommand, RecordedMessage } from './recorded-message.ts';

interface Stamped {
  /** Epoch seconds as decimal text, digit for digit as in the file. */
  readonly time: string;
}

/** The client opened its connection. */
export interface RecordedConnect extends Stamped {
  readonly kind: 'connect';
  readonly url: string;
}

/** A frame that the client sent. */
export interface RecordedSent extends Stamped {
  readonly kind: 'sent';
  readonly url: string;
  /** The frame, byte for byte. */
  readonly text: string;
  readonly command: RecordedCommand;
}

/** A frame that the client received. */
export interface RecordedReceived extends Stamped {
  readonly kind: 'received';
  /** The frame, byte for byte. */
  readonly text: string;
  readonly message: RecordedMessage;
}

/** The answer to a REST request. */
export interface RecordedAnswer extends Stamped {
  readonly kind: 'answer';
  readonly url: string;
  /** The body, byte for byte. */
  readonly text: string;
}

/** How a connection ended: the venue began a closing handshake, it was cut without one, or the client left of itself. */
export type ConnectionEnd =
  | { readonly how: 'close'; readonly code: number }
  | { readonly how: 'cut' }
  | { readonly how: 'left' };

/** The connection ended. */
export interface RecordedEnd extends Stamped {
  readonly kind: 'end';
  readonly url: string;
  readonly end: ConnectionEnd;
}

/** One line of a recording. */
export type RecordedItem = RecordedConnect | RecordedSent | RecordedReceived | RecordedAnswer | RecordedEnd;

/** A recording, in the order of the file; the form is described in `docs/recording-format.md`. */
export interface RecordedSession {
  /** What messages call it. */
  readonly fileName: string;
  readonly items: readonly RecordedItem[];
}
