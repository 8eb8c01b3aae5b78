import type { DepthSubject } from '../depth/subject.ts';
import { bare, subjects as books } from '../depth/subjects.ts';
import type { WsSubject } from './subject.ts';

/** What comes from the network, and what is made of it. */
export interface WsPipeline {
  /** How the messages are received; the others are not even read in its process. */
  socket(): Promise<{ readonly subject: WsSubject }>;
  /** The book that they go to; none if each is only looked at. */
  readonly book?: () => Promise<{ readonly subject: DepthSubject }>;
  /** What is done with a message where there is no book. */
  readonly read?: (frame: Buffer) => unknown;
}

/** The one that every ratio refers to. */
export const floor = 'ws alone';
const parsing = 'JSON.parse(frame.toString())';
const ws = () => import('./subjects/ws.ts');
const session = () => import('./subjects/session.ts');

/** Every pipeline by its name. */
export const pipelines: Readonly<Record<string, WsPipeline>> = {
  [floor]: { socket: ws },
  'ws, venuekit: scanner, ScaledBook': onWs('venuekit: scanner, ScaledBook'),
  'venuekit: StreamSession alone': { socket: session },
  'venuekit: StreamSession, scanner, ScaledBook': {
    ...onWs('venuekit: scanner, ScaledBook'),
    socket: session,
  },
  'ws, JSON.parse': { socket: ws, read: bare[parsing] as (frame: Buffer) => unknown },
  'ws, JSON.parse, sorted array': onWs('JSON.parse, sorted array'),
  'ws, tardis-dev OrderBook, own mapper': onWs('tardis-dev OrderBook, own mapper'),
  'ws, JSON.parse, ccxt 4.5.84 OrderBook': onWs('JSON.parse, ccxt 4.5.84 OrderBook'),
  'ws, ccxt 4.5.63 onMessage, 4.5.84 OrderBook': onWs('ccxt 4.5.63 onMessage, 4.5.84 OrderBook'),
  'global WebSocket alone': { socket: () => import('./subjects/global.ts') },
};

/** A book of the benchmark `depth`, by its name there. */
function onWs(name: string): WsPipeline {
  const book = books[name];
  if (book === undefined) throw new Error(`expected a book of the benchmark depth, got ${name}`);
  return { socket: ws, book };
}
