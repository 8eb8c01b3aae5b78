import type { Direction } from './link-faults.ts';
import { Pipe } from './pipe.ts';
import type { TimerGroup } from './planned-timer.ts';
import { createKeyedRandom, forkSeed } from './seeded-number.ts';
import type { Link } from './virtual-link.ts';

/** Which end of which connection a pipe leads to. */
export interface ConnectionEnd {
  readonly link: Link;
  /** For example `client>venue.test#3`. */
  readonly connection: string;
  readonly direction: Direction;
  /** The receiver's timers. */
  readonly group: TimerGroup;
}

/** A pipe over a link. */
export function createPipe({ connection, direction, group, link }: ConnectionEnd): Pipe {
  const random = createKeyedRandom(forkSeed(link.seed, connection, direction));
  return new Pipe(link, { group, random, label: `${connection} ${direction}` });
}

/** The messages of one stream in one direction, with the faults of the link and lines in the trace. */
export class FramePipe {
  readonly pipe: Pipe;
  readonly #end: ConnectionEnd;
  readonly #receive: (text: string) => void;

  constructor(end: ConnectionEnd, receive: (text: string) => void) {
    this.pipe = createPipe(end);
    this.#end = end;
    this.#receive = receive;
  }

  /** Sends one message; on a connection that is over it is lost. */
  send(text: string): void {
    const { direction, link } = this.#end;
    this.#note(this.pipe.ended ? 'lost' : 'send', text);
    if (this.pipe.ended) return;
    const {
      copies,
      delayMs,
      faults,
      swapped,
      text: sent,
    } = link.frames[direction].take(text, this.pipe.parking);
    if (faults !== '') this.#note('fault', faults);
    const bytes = Buffer.byteLength(sent);
    const arrive = (): void => {
      this.#note('receive', sent);
      this.#receive(sent);
    };
    if (swapped) this.pipe.park(bytes, arrive);
    else for (let copy = 0; copy < copies; copy += 1) this.pipe.push(bytes, arrive, delayMs);
  }

  #note(kind: string, text: string): void {
    const { connection, direction, link } = this.#end;
    link.time.trace.record(connection, `${kind}-${direction}`, text);
  }
}
