import type { StreamConnection, StreamRefusal, StreamSink } from '@venuekit/exchange-simulator';
import { RequestWindow } from '../models/request-window.ts';

/** What a watch at the server needs. */
export interface ServerWatchOptions {
  /** Virtual milliseconds. */
  readonly now: () => number;
  readonly violate: (invariant: string, message: string) => void;
  readonly count: (name: string) => void;
}

/** What the venue allows a session in a minute before it ignores it. */
const minuteMs = 60_000;
const [mostStreamOps, mostSnapshots] = [150, 400];
/** What the venue allows an address, and how much of it one life of a process may take. */
const [mostDials, mostDialsOfLife, dialWindowMs] = [45, 20, 300_000];
/** A dial that was held on its way arrives so much later at most, and then nearer to those that follow. */
const heldMs = 30_000;

interface Address {
  readonly dials: RequestWindow;
  dialsMs: number[];
  livesMs: number[];
}

/**
 * What arrives at the venue, as the venue counts it (I7): dials by address, whichever life of a process they come from, and
 * requests by session. A client knows nothing of its former lives, so that an address may go beyond what the venue allows, which
 * is counted; it never has more than twenty a life.
 */
export class ServerWatch {
  readonly #options: ServerWatchOptions;
  readonly #addresses = new Map<string, Address>();

  constructor(options: ServerWatchOptions) {
    this.#options = options;
  }

  /** A process was started. */
  started(client: string): void {
    this.#address(client).livesMs.push(this.#options.now());
  }

  /** A dial of `client` arrived. */
  dialled(client: string): void {
    const { count, now, violate } = this.#options;
    const address = this.#address(client);
    const oldestMs = now() - dialWindowMs + heldMs;
    if (address.dials.take(now()) !== undefined) count('address beyond what the venue allows');
    address.dialsMs = [...address.dialsMs.filter((atMs) => atMs > oldestMs), now()];
    // The life that was under way when the window began counts as well.
    const lives = address.livesMs.filter((atMs) => atMs > oldestMs).length;
    const before = address.livesMs.some((atMs) => atMs <= oldestMs) ? 1 : 0;
    const most = mostDialsOfLife * Math.max(1, lives + before);
    if (address.dialsMs.length > most)
      violate('I7', `${client}: expected at most ${most} dials to arrive, got ${address.dialsMs.length}`);
  }

  /** The same session, of which every request is counted. */
  session(client: string, opened: StreamConnection): StreamConnection {
    const streamOps = new RequestWindow(mostStreamOps, minuteMs);
    const snapshots = new RequestWindow(mostSnapshots, minuteMs);
    const seen = new Set<string>();
    return {
      receive: (text) => {
        // What the network brings twice, the client has sent once.
        const isNew = !seen.has(text);
        seen.add(text);
        if (isNew && /"op":"(?:un)?sub"/.test(text)) this.#take(client, streamOps, mostStreamOps);
        else if (isNew && text.includes('"depth-snapshot"')) this.#take(client, snapshots, mostSnapshots);
        opened.receive(text);
      },
      pinged: (bytes) => opened.pinged(bytes),
      drained: () => opened.drained(),
      closed: () => opened.closed(),
    };
  }

  #take(client: string, window: RequestWindow, most: number): void {
    const { now, violate } = this.#options;
    const found = window.take(now());
    if (found !== undefined)
      violate('I7', `${client}: expected at most ${most} requests in ${minuteMs} ms to arrive, got ${found}`);
  }

  #address(client: string): Address {
    const known = this.#addresses.get(client);
    if (known !== undefined) return known;
    const made: Address = { dials: new RequestWindow(mostDials, dialWindowMs), dialsMs: [], livesMs: [] };
    this.#addresses.set(client, made);
    return made;
  }
}

/** The client whose address this is: its URL says so, for there are no addresses in a virtual network. */
export function clientOf(path: string): string {
  return new URL(path, 'ws://any').searchParams.get('client') ?? 'nobody';
}

/** True if there is no stream. */
export function isRefusal(opened: StreamConnection | StreamRefusal): opened is StreamRefusal {
  return 'refusedWith' in opened;
}

/** A stream that is closed as soon as it is there. */
export function closedAtOnce(sink: StreamSink): StreamConnection {
  sink.close(1000, 'not now');
  return { receive() {}, pinged() {}, drained() {}, closed() {} };
}
