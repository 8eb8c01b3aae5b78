import { type AsyncOptions, type Runtime, VenueError } from '@venuekit/connector-core';
import type { Topic } from '../stream/stream-dialect.ts';
import type { StreamSession } from '../stream/stream-session.ts';
import type { Subscription } from '../stream/subscriptions.ts';
import { Waiters } from '../waiting/waiters.ts';
import type { StreamKeeper } from './trades-keeper.ts';

/** What one stream of one pair is made of. */
export interface StreamSlotOptions {
  readonly runtime: Runtime;
  readonly venue: string;
  readonly topic: Topic;
  readonly session: Pick<StreamSession, 'subscribe'>;
  readonly onRefused: (error: VenueError) => void;
}

/** One stream of one pair: subscribed when first used, and told what becomes of that. */
export class StreamSlot {
  readonly #options: StreamSlotOptions;
  readonly #confirmations: Waiters<void>;
  #keeper: StreamKeeper | undefined;
  #subscription: Subscription | undefined;
  #ended: VenueError | undefined;

  constructor(options: StreamSlotOptions) {
    this.#options = options;
    this.#confirmations = new Waiters(options.runtime.timers, 'stream-confirmation');
  }

  /** The stream was refused or closed; it gives nothing more. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** Whoever is told of confirmations and losses. */
  attach(keeper: StreamKeeper): void {
    this.#keeper = keeper;
  }

  /** Subscribes, unless that was done. */
  use(): void {
    if (this.#subscription !== undefined || this.#ended !== undefined) return;
    this.#subscription = this.#options.session.subscribe(this.#options.topic, {
      confirmed: () => {
        this.#keeper?.confirmed();
        this.#confirmations.resolve();
      },
      lost: (reason, sinceMs) => this.#keeper?.lost(reason, sinceMs),
      refused: (error) => this.giveUp(error),
    });
  }

  /**
   * Resolves when the venue has confirmed the stream. Without a deadline of the caller's it waits for the venue's word, which the
   * session gets or gives up in its own time, however long our own budget of messages takes before.
   */
  async whenConfirmed(options: AsyncOptions): Promise<void> {
    this.use();
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#subscription?.confirmed) return;
    const { channel, symbol } = this.#options.topic;
    const onTimeout = (ms: number) =>
      this.#error('timeout', `expected a confirmation of ${channel}:${symbol} within ${ms} ms, got none`);
    await this.#confirmations.wait({ ...options, onTimeout });
  }

  /** Leaves the stream and asks for it anew; nothing was missing before `sinceMs`, local time. */
  renew(reason: string, sinceMs: number): void {
    this.#subscription?.renew(reason, sinceMs);
  }

  /** Unsubscribes and ends the keeper. */
  close(): void {
    if (this.#ended !== undefined) return;
    this.#ended = this.#error('closed', 'the market was closed');
    this.#subscription?.unsubscribe();
    this.#confirmations.reject(this.#ended);
    this.#keeper?.close();
  }

  /** The venue does not give this stream: ends it with the error. */
  giveUp(error: VenueError): void {
    if (this.#ended !== undefined) return;
    this.withhold(error);
    this.#options.onRefused(error);
  }

  /** Ends the stream with the error, and tells nobody but those who use it. */
  withhold(error: VenueError): void {
    this.#ended = error;
    this.#subscription?.unsubscribe();
    this.#keeper?.refused(error);
    this.#confirmations.reject(error);
  }

  #error(code: VenueError['code'], message: string): VenueError {
    return new VenueError({ code, venue: this.#options.venue, operation: 'open', message });
  }
}
