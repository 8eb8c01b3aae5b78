import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { type WebSocket, WebSocketServer } from 'ws';

/** What a flood shares with whoever started it: places in {@link FloodData.shared}. */
export const floodPlace = { accepted: 0, stalled: 1 } as const;

/** How a flood is made. */
export interface FloodData {
  readonly shared: Int32Array;
  readonly frames: number;
  readonly frameBytes: number;
}

/** Frames that are given to the socket before the first of them has left it. */
const mostOutstanding = 64;
/** A socket that takes nothing for this long is full. */
const stalledMs = 500;

/**
 * A venue in a thread of its own: greets whoever comes and sends numbered frames as fast as the socket takes them. It says how many have
 * left, and wakes who waits for `stalled` when none leaves any more.
 */
class Flood {
  readonly #data: FloodData;
  readonly #socket: WebSocket;
  #next = 0;
  #outstanding = 0;

  constructor(data: FloodData, socket: WebSocket) {
    this.#data = data;
    this.#socket = socket;
  }

  start(): void {
    this.#socket.send('{"m":"hello"}');
    this.#pump();
    let before = -1;
    const watch = setInterval(() => {
      const { shared, frames } = this.#data;
      const accepted = Atomics.load(shared, floodPlace.accepted);
      if (accepted === before || accepted === frames) this.#say();
      before = accepted;
    }, stalledMs);
    this.#socket.on('close', () => clearInterval(watch));
  }

  #say(): void {
    Atomics.store(this.#data.shared, floodPlace.stalled, 1);
    Atomics.notify(this.#data.shared, floodPlace.stalled);
  }

  #pump(): void {
    const { frames, frameBytes } = this.#data;
    while (this.#outstanding < mostOutstanding && this.#next < frames) {
      const frame = Buffer.alloc(frameBytes);
      frame.writeUInt32LE(this.#next);
      this.#next += 1;
      this.#outstanding += 1;
      this.#socket.send(frame, () => this.#left());
    }
  }

  #left(): void {
    this.#outstanding -= 1;
    Atomics.add(this.#data.shared, floodPlace.accepted, 1);
    this.#pump();
  }
}

if (parentPort !== null) {
  const port = parentPort;
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => new Flood(workerData as FloodData, socket).start());
  server.on('listening', () => port.postMessage((server.address() as AddressInfo).port));
}
