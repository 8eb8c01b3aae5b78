import { type Clock, VenueError } from '@venuekit/connector-core';
import type { StreamConnection } from '../dialect/dialect.ts';
import type { StreamCarrier } from '../faults/stream-carrier.ts';
import type { ProductRecord } from '../market/product.ts';
import { excerpt } from './exact-json.ts';
import { createFrameScreen, type ScreenedFrame } from './frame-screen.ts';
import { productsPath } from './products-text.ts';
import { readPublicAnswer } from './public-answer.ts';
import { toTimeText } from './recorded-time.ts';
import { formatItem, type WrittenItem } from './recording-text.ts';
import { type StreamTape, tapConnection, tapSink } from './stream-tap.ts';

/** What a recorder has written down, and what it has not. */
export interface RecorderCounts {
  /** Streams that were recorded, one after the other. */
  readonly streams: number;
  /** Streams that were opened while another one was recorded, and of which nothing is written down. */
  readonly otherStreams: number;
  /** Lines that were written down. */
  readonly lines: number;
  /** Frames and answers that are left out because they are private. */
  readonly private: number;
  /** Frames and answers that are left out because a recording cannot hold them. */
  readonly unreadable: number;
}

/** Writes down what one client sees, in the form of a recording. */
export interface Recorder {
  /** A fresh copy. */
  readonly counts: RecorderCounts;
  /**
   * Carries a stream that `open` opens over `sink`: the first one is recorded, and after its end the next one that is opened. What the
   * faults of the exchange strike has been struck by then: a frame is written down as the client is sent it, just before it is.
   */
  carry(sink: StreamCarrier, open: (sink: StreamCarrier) => StreamConnection): StreamConnection;
  /**
   * Writes an answer down as soon as its body has been read, of which it takes a copy: that of a GET without credentials, with status
   * 200 and a JSON object of at most 16 MiB. Never rejects.
   */
  answered(request: Request, response: Response): Promise<void>;
}

/** What a recorder is made of. */
export interface RecorderOptions {
  /** Takes one line, with the line break at its end; must not throw. */
  write(text: string): void;
  /** Stamps the lines. */
  readonly clock: Pick<Clock, 'now'>;
  /** What the lines call the stream, such as `wss://venue.test/api/pro/v1/stream`. */
  readonly streamUrl: string;
  /** Writes down accounts and orders as well; logins and credentials never are. No if left out. */
  readonly private?: boolean;
  /** What is listed, written down at once as the answer of the products endpoint, so that the recording can be played by itself. */
  readonly products?: readonly ProductRecord[];
}

/**
 * Makes a recorder that waits for the first stream.
 * @throws VenueError `invalid-options` if `streamUrl` is no address of a stream.
 */
export function createRecorder(options: RecorderOptions): Recorder {
  const { streamUrl } = options;
  if (/^wss?:\/\/\S+$/.test(streamUrl) && URL.canParse(streamUrl)) return new StreamRecorder(options);
  throw new VenueError({
    code: 'invalid-options',
    operation: 'createRecorder',
    message: `expected streamUrl to be an address such as wss://venue.test/stream, got ${excerpt(streamUrl)}`,
  });
}

type Count = { -readonly [Name in keyof RecorderCounts]: RecorderCounts[Name] };

class StreamRecorder implements Recorder {
  readonly #options: RecorderOptions;
  readonly #counts: Count = { streams: 0, otherStreams: 0, lines: 0, private: 0, unreadable: 0 };
  #busy = false;
  #lastNanoseconds = 0n;

  constructor(options: RecorderOptions) {
    this.#options = options;
    const { products, streamUrl } = options;
    if (products === undefined) return;
    const url = new URL(productsPath, streamUrl.replace(/^ws/, 'http')).href;
    const text = JSON.stringify({ code: 0, data: products });
    this.#write({ kind: 'answer', url, time: this.#stamp(), text });
  }

  get counts(): RecorderCounts {
    return { ...this.#counts };
  }

  carry(sink: StreamCarrier, open: (sink: StreamCarrier) => StreamConnection): StreamConnection {
    if (this.#busy) {
      this.#counts.otherStreams += 1;
      return open(sink);
    }
    this.#busy = true;
    this.#counts.streams += 1;
    const tape = this.#startTape();
    return tapConnection(open(tapSink(sink, tape)), tape);
  }

  async answered(request: Request, response: Response): Promise<void> {
    try {
      const answer = await readPublicAnswer(request, response);
      if (answer.judgement !== 'written') this.#counts[answer.judgement] += 1;
      else this.#write({ kind: 'answer', url: request.url, time: this.#stamp(), text: answer.text });
    } catch {
      // A body that breaks is one that cannot be written down.
      this.#counts.unreadable += 1;
    }
  }

  /** Begins with the line that says that the client has connected. */
  #startTape(): StreamTape {
    const { streamUrl: url, private: withPrivate = false } = this.#options;
    const screen = createFrameScreen(withPrivate);
    let ended = false;
    this.#write({ kind: 'connect', url, time: this.#stamp() });
    return {
      received: (text) => {
        if (ended || !this.#admits(screen.received(text))) return;
        this.#write({ kind: 'received', time: this.#stamp(), text });
      },
      sent: (text) => {
        if (ended || !this.#admits(screen.sent(text))) return;
        this.#write({ kind: 'sent', url, time: this.#stamp(), text });
      },
      end: (end) => {
        if (ended) return;
        ended = true;
        this.#busy = false;
        this.#write({ kind: 'end', url, time: this.#stamp(), end });
      },
    };
  }

  /** Counts what is left out. */
  #admits(judgement: ScreenedFrame): boolean {
    if (judgement === 'written') return true;
    this.#counts[judgement] += 1;
    return false;
  }

  /** The present time, or that of the last line while the clock is behind it: a recording never goes back. */
  #stamp(): string {
    const now = nanosecondsOf(this.#options.clock.now());
    if (now > this.#lastNanoseconds) this.#lastNanoseconds = now;
    return toTimeText(this.#lastNanoseconds);
  }

  #write(item: WrittenItem): void {
    this.#counts.lines += 1;
    this.#options.write(`${formatItem(item)}\n`);
  }
}

/** The fraction by itself: all the digits together are more than a float holds. */
function nanosecondsOf(timeMs: number): bigint {
  const whole = Math.floor(timeMs);
  return BigInt(whole) * 1_000_000n + BigInt(Math.floor((timeMs - whole) * 1_000_000));
}
