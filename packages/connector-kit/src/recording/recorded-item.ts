interface Stamped {
  /** Seconds since the epoch, UTC, as plain decimal text, digit for digit as in the file. */
  readonly time: string;
}

/** The client opened a WebSocket. */
export interface RecordedOpening extends Stamped {
  readonly kind: 'connect';
  readonly url: string;
}

/** A frame that the client sent. */
export interface RecordedSentFrame extends Stamped {
  readonly kind: 'sent';
  readonly url: string;
  /** The frame, byte for byte. */
  readonly text: string;
}

/** A frame that the client received. */
export interface RecordedReceivedFrame extends Stamped {
  readonly kind: 'received';
  /** The frame, byte for byte. */
  readonly text: string;
}

/** The answer to a GET request. */
export interface RecordedReply extends Stamped {
  readonly kind: 'answer';
  readonly url: string;
  /** The body, byte for byte. */
  readonly text: string;
}

/** How a connection ended: the venue closed it with a code, it broke without one, or the client left of itself. */
export type RecordedEnding =
  | { readonly how: 'close'; readonly code: number }
  | { readonly how: 'cut' }
  | { readonly how: 'left' };

/** A connection ended. */
export interface RecordedClosing extends Stamped {
  readonly kind: 'end';
  readonly url: string;
  readonly end: RecordedEnding;
}

/** One line of a recording. */
export type RecordingItem =
  | RecordedOpening
  | RecordedSentFrame
  | RecordedReceivedFrame
  | RecordedReply
  | RecordedClosing;

/** The recording has no proper end: whoever wrote it was stopped on the way. What came before is whole. */
export interface TornEnd {
  readonly kind: 'torn';
  /** The line that is missing or was cut off, from 1. */
  readonly line: number;
  /** How it shows. */
  readonly reason: string;
}

/** What reading a recording gives: its items, and at most one torn end, which is the last. */
export type ReadItem = RecordingItem | TornEnd;
