import type { Socket } from '@venuekit/connector-core';
import type { DialTicket } from './dial-gate.ts';
import type { KeepAlive } from './keep-alive.ts';

/** One dial and what came of it. Whatever it still says after it was left is not heard. */
export interface Connection {
  readonly ticket: DialTicket;
  /** Aborted when we leave it: what still waits to be sent on it is not sent. */
  readonly left: AbortController;
  /** Pings and pongs that wait for room. */
  readonly waitingControls: Set<string>;
  socket: Socket | undefined;
  readonly handshake: Disposable;
  keepAlive: KeepAlive | undefined;
  liveAt: number | undefined;
  /** Local time of the newest frame, or of the dial. */
  lastFrameAtMs: number;
  gotData: boolean;
  /** Why we are ending it, if we are. */
  ending: string | undefined;
}
