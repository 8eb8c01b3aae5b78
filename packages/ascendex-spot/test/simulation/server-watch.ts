import type { StreamConnection, StreamRefusal, StreamSink } from '@venuekit/exchange-simulator';
import { RequestWindow } from '../models/request-window.ts';

/** What a watch at the server needs. */
export interface ServerWatchOptions {
  /** Virtual milliseconds. */
  readonly now: () => number;
  readonly violate: (invariant: string, message: string) => void;
  readonly count: (name: string) => void;
}

/** What the venue allows a session in a minute, and an address as well, before it ignores them. */
const minuteMs = 60_000;
const [mostStreamOps, mostSnapshots] = [150, 400];
/** What the venue allows an address, and how much of it one life of a process may take. */
const [mostDials, mostDialsOfLife, dialWindowMs] = [45, 20, 300_000];
/** A dial that was held on its way arrives so much later at most, and then nearer to those that follow. */
const heldMs = 30_000;

/** What came through to the venue from an address, and how long it counts there. */
interface Address {
  readonly dials: RequestWindow;
  readonly streamOps: RequestWindow;
  readonly snapshots: RequestWindow;
  dialsMs: number[];
  livesMs: number[];
  isShutOut: boolean;
}

/**
 * What arrives at the venue, as the venue counts it (I7): dials by address, whichever life of a process they come from, and
 * requests by session. A client knows nothing of its former lives, so that they may go beyond what the venue allows an address
 * together, which is counted; it never has more than twenty dials a life.
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
    const { now, violate } = this.#options;
    const address = this.#address(client);
    const oldestMs = now() - dialWindowMs + heldMs;
    address.dialsMs = [...address.dialsMs.filter((atMs) => atMs > oldestMs), now()];
    // The life that was under way when the window began counts as well.
    const lives = address.livesMs.filter((atMs) => atMs > oldestMs).length;
    const before = address.livesMs.some((atMs) => atMs <= oldestMs) ? 1 : 0;
    const most = mostDialsOfLife * Math.max(1, lives + before);
    if (address.dialsMs.length > most)
      violate('I7', `${client}: expected at most ${most} dials to arrive, got ${address.dialsMs.length}`);
  }

  /** A dial of `client` came through to the venue itself. */
  cameThrough(client: string): void {
    const address = this.#address(client);
    this.#count(address, address.dials, dialWindowMs);
  }

  /**
   * True if the venue need not answer `client` any more: several lives of the process have together sent more than one address may. It wants
   * a quarter of an hour without them, which is longer than a run.
   */
  isShutOut(client: string): boolean {
    return this.#address(client).isShutOut;
  }

  /** The same session, of which every request is counted. */
  session(client: string, opened: StreamConnection): StreamConnection {
    const address = this.#address(client);
    const streamOps = new RequestWindow(mostStreamOps, minuteMs);
    const snapshots = new RequestWindow(mostSnapshots, minuteMs);
    const seen = new Set<string>();
    return {
      receive: (text) => {
        // What the network brings twice, the client has sent once.
        const isNew = !seen.has(text);
        seen.add(text);
        const isStreamOp = /"op":"(?:un)?sub"/.test(text);
        const isSnapshot = !isStreamOp && text.includes('"depth-snapshot"');
        if (isStreamOp) this.#count(address, address.streamOps, minuteMs);
        else if (isSnapshot) this.#count(address, address.snapshots, minuteMs);
        if (isNew && isStreamOp) this.#take(client, streamOps, mostStreamOps);
        else if (isNew && isSnapshot) this.#take(client, snapshots, mostSnapshots);
        opened.receive(text);
      },
      pinged: (bytes) => opened.pinged(bytes),
      drained: () => opened.drained(),
      closed: () => opened.closed(),
    };
  }

  /** One life alone stays below what the venue allows an address: there is no excuse for it. */
  #count(address: Address, window: RequestWindow, windowMs: number): void {
    const { count, now } = this.#options;
    if (window.take(now()) === undefined) return;
    count('address beyond what the venue allows');
    const { livesMs } = address;
    // A life that began within the window has sent a part of it, and one before it the other.
    if (livesMs.length > 1 && Math.max(...livesMs) > now() - windowMs) address.isShutOut = true;
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
    const made: Address = {
      dials: new RequestWindow(mostDials, dialWindowMs),
      streamOps: new RequestWindow(mostStreamOps, minuteMs),
      snapshots: new RequestWindow(mostSnapshots, minuteMs),
      ...{ dialsMs: [], livesMs: [], isShutOut: false },
    };
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
