import type { ReplaySocket } from './replay-socket.ts';
import type { ReplayTime } from './replay-time.ts';

/** A recorded connection waits for as long for a client that comes back, in milliseconds of the replay. */
const longestWaitMs = 300_000;

/** A recorded connection that wants a socket. */
interface Want {
  readonly lane: number;
  readonly give: (socket: ReplaySocket) => void;
}

/** Sockets that the client opens, for the recorded connections that want one: the first for the lowest lane, as in recording. */
export class ReplayDials {
  readonly #time: ReplayTime;
  readonly #isPlaying: () => boolean;
  readonly #dials: ReplaySocket[] = [];
  #wanted: Want[] = [];
  #patience: Disposable | undefined;
  /** True if nothing was played for too long, because a recorded connection waits. */
  isGivenUp = false;

  /** @param isPlaying true while some recorded connection is open. */
  constructor(time: ReplayTime, isPlaying: () => boolean) {
    this.#time = time;
    this.#isPlaying = isPlaying;
  }

  /** The client opens a socket. */
  add(socket: ReplaySocket): void {
    const wanted = this.#wanted.shift();
    if (wanted === undefined) this.#dials.push(socket);
    else wanted.give(socket);
  }

  /** The client has given a dial up. */
  remove(socket: ReplaySocket): void {
    const at = this.#dials.indexOf(socket);
    if (at >= 0) this.#dials.splice(at, 1);
  }

  /** The next socket that is opened, for a connection of a lane. */
  take(lane: number): Promise<ReplaySocket> {
    const first = this.#dials.shift();
    if (first !== undefined) return Promise.resolve(first);
    return new Promise((resolve) => {
      const give = (socket: ReplaySocket): void => {
        this.bePatient();
        resolve(socket);
      };
      this.#wanted = [...this.#wanted, { lane, give }].sort((a, b) => a.lane - b.lane);
      this.bePatient();
    });
  }

  /** Waits anew, if anything is waited for. */
  bePatient(): void {
    this.#patience?.[Symbol.dispose]();
    this.isGivenUp = false;
    if (this.#wanted.length === 0) return;
    this.#patience = this.#time.timers.setTimer(longestWaitMs, () => this.#giveUp(), 'replay-patience');
  }

  #giveUp(): void {
    if (this.#isPlaying()) {
      this.bePatient();
      return;
    }
    this.isGivenUp = true;
    this.#time.changed();
  }
}
