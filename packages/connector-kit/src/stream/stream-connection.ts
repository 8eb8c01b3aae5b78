import type { Socket, VenueError } from '@venuekit/connector-core';
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
  /** How far the login has come, for sessions that have one: the venue's answer to it is what makes the connection live. */
  login: 'due' | 'asked' | 'sent';
  keepAlive: KeepAlive | undefined;
  liveAt: number | undefined;
  /** Local time of the newest frame, or of the dial. */
  lastFrameAtMs: number;
  gotData: boolean;
  /** Why we are ending it, if we are. */
  ending: string | undefined;
}

/** A dial that is about to be made. @param nowMs local time. */
export function newConnection(ticket: DialTicket, handshake: Disposable, nowMs: number): Connection {
  return {
    ticket,
    handshake,
    left: new AbortController(),
    waitingControls: new Set(),
    socket: undefined,
    login: 'due',
    keepAlive: undefined,
    liveAt: undefined,
    lastFrameAtMs: nowMs,
    gotData: false,
    ending: undefined,
  };
}

/** Why a connection is left. */
export interface Loss {
  readonly reason: string;
  /** What whoever waits for the session is told. */
  readonly error: VenueError;
  /** How long nothing is to be dialled at least, in milliseconds; 0 by default. */
  readonly waitMs?: number;
  /** True if another dial would end in the same way. */
  readonly isFinal?: boolean;
}
