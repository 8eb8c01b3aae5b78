import {
  createDepthScanner,
  type DepthKind,
  decodeStreamFrame,
  type StreamMessage,
} from '@venuekit/ascendex-wire';
import {
  type BookState,
  createDepthStage,
  type DepthScale,
  type DepthStage,
  isVenueError,
} from '@venuekit/connector-core';
import { BookSync, type BookSyncStep, type OrderBook } from '@venuekit/connector-kit/book';
import { snapshotKindOf, toDepthUpdate, withoutTime } from './depth-update.ts';

/** What a depth pipeline is made for. */
export interface DepthPipelineOptions extends Readonly<DepthScale> {
  /** The venue's symbol, such as `BTC/USDT`. */
  readonly symbol: string;
  /** The channel whose updates come; `depth` if left out. The two number their messages apart. */
  readonly channel?: DepthKind;
  /** Levels a side that a snapshot holds at most; all by default. A stream's snapshot of this venue has 500. */
  readonly snapshotDepth?: number;
}

/** The way from the bytes of frames to the right book of one instrument, for those who bring their own socket. */
export interface DepthPipeline {
  /**
   * Takes a frame of the stream: an update or a snapshot of the symbol. Anything else changes nothing.
   *
   * Ask the venue for a snapshot after the subscription is confirmed, and whenever a step says `snapshot`. What a step says is about
   * that frame alone; `fault` tells that the book is not right any more, `joined` that it is live from here on.
   */
  take(frame: Uint8Array): BookSyncStep;
  /** `opening` until the first snapshot; prices are right while it is `live`, and at no other time. */
  readonly state: BookState;
  /** Number of the last message in the book; `undefined` while it is not live. */
  readonly sequence: bigint | undefined;
  /** The book. Its `scaled` has prices and amounts as whole numbers, its `content()` is a copy in decimals, with queries. */
  readonly book: OrderBook;
  /** The connection is gone: nothing of it counts any more, and frames are those of the next one. */
  reset(): void;
}

/**
 * Makes the pipeline of one instrument, whose scale has the digits of its tick and lot.
 * @example
 * ```ts
 * const depth = createDepthPipeline({ symbol: 'BTC/USDT', priceScale: 2, amountScale: 5, snapshotDepth: 500 });
 * socket.on('message', (frame: Buffer) => {
 *   const { snapshot } = depth.take(frame);
 *   if (snapshot !== undefined) socket.send(encodeDepthSnapshotRequest('BTC/USDT', 'again'));
 *   if (depth.state === 'live') console.log(depth.book.scaled?.bestBidPriceUnits, depth.book.bestAsk?.price);
 * });
 * ```
 * @throws VenueError `invalid-options` for a scale that is no whole number from 0 to 15.
 */
export function createDepthPipeline(options: DepthPipelineOptions): DepthPipeline {
  return new Pipeline(options);
}

const nothing: BookSyncStep = Object.freeze({ changed: false });
const again: BookSyncStep = Object.freeze({ changed: false, snapshot: 'later' });

class Pipeline implements DepthPipeline {
  readonly #symbol: string;
  readonly #channel: DepthKind;
  readonly #scanner: ReturnType<typeof createDepthScanner>;
  readonly #stage: DepthStage;
  readonly #stages: readonly DepthStage[];
  readonly #sync: BookSync;
  readonly #text = new TextDecoder('utf-8', { fatal: true });

  constructor({ symbol, priceScale, amountScale, channel = 'depth', snapshotDepth }: DepthPipelineOptions) {
    const scale = { priceScale, amountScale };
    this.#symbol = symbol;
    this.#channel = channel;
    this.#scanner = createDepthScanner([symbol], { channel });
    this.#stage = createDepthStage(scale);
    this.#stages = [this.#stage];
    this.#sync = new BookSync({ scale, snapshotDepth });
    this.#sync.confirmed();
  }

  get state(): BookState {
    return this.#sync.state;
  }

  get sequence(): bigint | undefined {
    return this.#sync.sequence;
  }

  get book(): OrderBook {
    return this.#sync.book;
  }

  take(frame: Uint8Array): BookSyncStep {
    try {
      if (this.#scanner.read(frame, this.#stages) !== 0) return this.#takeMessage(this.#decode(frame));
      withoutTime(this.#stage);
      return this.#sync.stage(this.#stage);
    } catch (error) {
      // What the wire let pass may still not be a book: then it is as good as missing.
      const step = this.#sync.unreadable(error instanceof Error ? error.message : String(error));
      return { ...step, snapshot: step.snapshot ?? 'later' };
    }
  }

  reset(): void {
    this.#sync.lost('the connection is gone');
    this.#sync.confirmed();
  }

  /** What cannot be read at all names no market: the next number of this one shows whether it was lost. */
  #decode(frame: Uint8Array): StreamMessage | undefined {
    try {
      return decodeStreamFrame(this.#text.decode(frame));
    } catch (error) {
      if (isVenueError(error) || error instanceof TypeError) return undefined;
      throw error;
    }
  }

  #takeMessage(message: StreamMessage | undefined): BookSyncStep {
    if (message === undefined || !('symbol' in message) || message.symbol !== this.#symbol) return nothing;
    if (message.type === this.#channel) return this.#sync.change(toDepthUpdate(message));
    if (message.type === snapshotKindOf[this.#channel]) return this.#sync.snapshot(toDepthUpdate(message));
    if (message.type !== 'refused') return nothing;
    if (message.kind === snapshotKindOf[this.#channel]) return again;
    if (message.kind !== this.#channel) return nothing;
    return this.#sync.unreadable(message.error.message);
  }
}
