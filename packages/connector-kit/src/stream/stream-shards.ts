import { type AsyncOptions, VenueError } from '@venuekit/connector-core';
import { ReturningSession } from './returning-session.ts';
import { wholeChange, wholeState } from './shards-state.ts';
import type { Topic } from './stream-dialect.ts';
import { checkStreamLimits, type StreamLimits } from './stream-limits.ts';
import type { StreamSessionOptions, StreamState, StreamStateChange } from './stream-options.ts';
import { StreamShard } from './stream-shard.ts';
import { checkStreamUrl } from './stream-url.ts';
import type { Subscription, TopicObserver } from './subscriptions.ts';

/** What sessions that share the symbols of a venue are made of: what each of them is made of, and how many symbols it carries. */
export interface StreamShardsOptions<M> extends Omit<StreamSessionOptions<M>, 'limits'> {
  /** Most symbols on one session: a whole number from 1, or `Infinity` for a single session. */
  readonly symbolsPerSession: number;
  /**
   * Limits of a session by its number, from 0; asked once for each. Let all have the same `limiter`, which counts dials; what the
   * venue counts for each connection by itself goes to its own `messages`. The number of a session that was closed is used again.
   */
  readonly limitsOf: (session: number) => StreamLimits;
  /**
   * Every change of the state of the whole, in order, and every login that is refused for good. With `down`, `reason`, `sinceMs` and
   * `error` are those of one session that is down.
   */
  readonly onState: (change: StreamStateChange) => void;
}

/** Sessions that share the symbols of a venue. All topics of a symbol are on one session, so that they come in the venue's order. */
export interface StreamShards {
  /**
   * `live` when every session that has topics is live, or the first if none has; `down` when one of them is down, and `connecting`
   * when none is down and one is not live yet, as when a symbol needs a session more.
   */
  readonly state: StreamState;
  /** True while a session waits for room in the limit of dials. */
  readonly isWaitingForRoom: boolean;
  /**
   * Dials the first session, as `connect` of a single one, and resolves when it is live. From then on further sessions come up by
   * themselves, as many as the symbols need; a dial of theirs that fails is tried again like a lost connection, and costs the
   * others nothing. A session whose login was refused for good dials again only when this is called again.
   * @throws VenueError as `connect` of a single session.
   */
  connect(options?: AsyncOptions): Promise<void>;
  /**
   * Wants a topic from now on. Its symbol goes to the session that has it, else to the first that has room, else to a new one.
   * @throws VenueError `invalid-options` if a new session is needed and its limits are not right.
   */
  subscribe(topic: Topic, observer: TopicObserver): Subscription;
  /** Sends one message on the session of a symbol if that is live; says whether it did. */
  send(symbol: string, text: string): boolean;
  /**
   * Rises with every dial of the symbol's session, and is another after the symbol has moved: no two connections have the same. 0 if
   * the symbol has no session, or one that never dialled.
   */
  epoch(symbol: string): number;
  /** Ends the connection of a symbol's session, which dials again as after any other loss. */
  reconnect(symbol: string, reason: string): void;
  /** Ends everything at once; leaves no timer and no socket. */
  close(): Promise<void>;
}

/**
 * Makes sessions that share the symbols of a venue, for one that bounds what a connection carries. Nothing is dialled before `connect`.
 *
 * A symbol stays where it is while it has topics. Its place is free 5 to 10 s after the message that leaves the last of them went out;
 * a session without symbols is closed a minute later, but for the first.
 * @example
 * ```ts
 * const dials = createVenueLimiter({ runtime, venue, limits: dialLimits });
 * const shards = createStreamShards({
 *   ...{ runtime, venue, url, dialect, onMessage, onState, onRefusedFrame },
 *   symbolsPerSession: 50,
 *   limitsOf: () => ({
 *     limiter: dials,
 *     messages: createVenueLimiter({ runtime, venue, limits: messageLimits }),
 *     ...{ dial: 'dial', scope: 'ip', subscribe: 'subscribe', ping: 'ping' },
 *   }),
 * });
 * await shards.connect({ timeoutMs: 10_000 });
 * const trades = shards.subscribe({ channel: 'trades', symbol: 'BTC/USDT' }, observer);
 * shards.send('BTC/USDT', snapshotRequest); // on the connection on which its trades come
 * trades.unsubscribe();
 * await shards.close();
 * ```
 * @throws VenueError `invalid-options` for a bad URL or number of symbols, or a limit that its limiter does not have.
 */
export function createStreamShards<M>(options: StreamShardsOptions<M>): StreamShards {
  const { symbolsPerSession: size, url, venue } = options;
  checkStreamUrl(url, venue);
  if (size >= 1 && (Number.isInteger(size) || size === Number.POSITIVE_INFINITY)) return new Shards(options);
  const message = `symbolsPerSession: expected a whole number from 1 or Infinity, got ${String(size)}`;
  throw new VenueError({ code: 'invalid-options', venue, operation: 'stream', message });
}

class Shards<M> implements StreamShards {
  readonly #options: StreamShardsOptions<M>;
  readonly #limits = new Map<number, StreamLimits>();
  readonly #first: StreamShard<M>;
  /** By number; a session that was closed leaves a hole. */
  readonly #shards: (StreamShard<M> | undefined)[] = [];
  /** Sessions that were closed for want of symbols and are still saying goodbye. */
  readonly #leaving = new Set<Promise<void>>();
  #lastEpoch = 0;
  /** Sessions come up by themselves. */
  #begun = false;
  #told: StreamStateChange = { state: 'idle', reason: undefined };
  #closed: Promise<void> | undefined;

  constructor(options: StreamShardsOptions<M>) {
    this.#options = options;
    this.#first = this.#make(0);
  }

  get state(): StreamState {
    if (this.#closed !== undefined) return 'closed';
    return wholeState(
      this.#counted().map(({ session }) => session.state),
      this.#begun,
    );
  }

  get isWaitingForRoom(): boolean {
    return this.#all().some(({ session }) => session.isWaitingForRoom);
  }

  async connect(options: AsyncOptions = {}): Promise<void> {
    await this.#first.session.connect(options);
    this.#begun = true;
    for (const { session } of this.#all()) session.begin();
  }

  subscribe(topic: Topic, observer: TopicObserver): Subscription {
    const shard = this.#home(topic.symbol) ?? this.#all().find(({ hasRoom }) => hasRoom);
    if (shard !== undefined || this.#closed !== undefined)
      return (shard ?? this.#first).subscribe(topic, observer);
    const added = this.#make(this.#freeNumber());
    const subscription = added.subscribe(topic, observer);
    if (this.#begun) added.session.begin();
    return subscription;
  }

  send(symbol: string, text: string): boolean {
    return this.#home(symbol)?.session.send(text) ?? false;
  }

  epoch(symbol: string): number {
    return this.#home(symbol)?.session.epoch ?? 0;
  }

  reconnect(symbol: string, reason: string): void {
    this.#home(symbol)?.session.reconnect(reason);
  }

  close(): Promise<void> {
    if (this.#closed !== undefined) return this.#closed;
    // Known before anyone is told, so that whoever closes again from a callback finds it.
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#closed = promise;
    const ends = this.#all().map((shard) => {
      shard.stop();
      return shard.session.close();
    });
    Promise.all([...ends, ...this.#leaving]).then(() => resolve(), reject);
    this.#options.onState({ state: 'closed', reason: undefined });
    return promise;
  }

  #all(): StreamShard<M>[] {
    return this.#shards.filter((shard) => shard !== undefined);
  }

  /** Those whose state is that of the whole. */
  #counted(): readonly StreamShard<M>[] {
    const wanted = this.#all().filter(({ isWanted }) => isWanted);
    return wanted.length > 0 ? wanted : [this.#first];
  }

  #home(symbol: string): StreamShard<M> | undefined {
    for (const shard of this.#shards) if (shard?.has(symbol)) return shard;
    return undefined;
  }

  #freeNumber(): number {
    const hole = this.#shards.indexOf(undefined);
    return hole === -1 ? this.#shards.length : hole;
  }

  #make(number: number): StreamShard<M> {
    const { runtime, symbolsPerSession: size } = this.#options;
    const limits = this.#limitsOf(number);
    const onState = (change: StreamStateChange): void => this.#follow(shard, change);
    const nextEpoch = (): number => {
      this.#lastEpoch += 1;
      return this.#lastEpoch;
    };
    const session = new ReturningSession<M>({ ...this.#options, limits, onState }, { nextEpoch });
    const shard: StreamShard<M> = new StreamShard({
      ...{ runtime, session, size },
      onWanted: () => this.#tell(),
      onEmpty: () => this.#retire(number),
    });
    this.#shards[number] = shard;
    return shard;
  }

  #limitsOf(number: number): StreamLimits {
    const known = this.#limits.get(number);
    if (known !== undefined) return known;
    const limits = this.#options.limitsOf(number);
    checkStreamLimits(limits, this.#options.venue);
    this.#limits.set(number, limits);
    return limits;
  }

  #retire(number: number): void {
    const shard = this.#shards[number];
    if (shard === undefined || shard === this.#first) return;
    this.#shards[number] = undefined;
    const end = shard.session.close();
    this.#leaving.add(end);
    void end.finally(() => this.#leaving.delete(end));
  }

  #follow(shard: StreamShard<M>, change: StreamStateChange): void {
    shard.change = change;
    this.#tell();
  }

  /** Goes by what the sessions have told, not by what they are: the owners of topics hear of a loss before everyone else. */
  #tell(): void {
    if (this.#closed !== undefined) return;
    const changes = this.#counted().map(({ change }) => change);
    const whole = wholeChange(changes, this.#begun);
    if (whole.state === this.#told.state && whole.error === this.#told.error) return;
    this.#told = whole;
    this.#options.onState(whole);
  }
}
