import type { Logger, Meter, Runtime } from '@venuekit/connector-core';
import { createSystemRuntime } from '../runtime/system-runtime.ts';
import { createKeyedRandom, createSeededIds, forkSeed } from '../testing/virtual/seeded-number.ts';
import type { ReadItem } from './recorded-item.ts';
import { readRecording } from './recording-reader.ts';
import { recordingRefusal } from './recording-refusal.ts';
import { ReplayAnswers } from './replay-answers.ts';
import { ReplayDials } from './replay-dials.ts';
import { ReplayPlayer, type ReplayProgress, toMicroseconds } from './replay-player.ts';
import { type ItemIterator, type ReplayEnd, type ReplayParts, ReplayRun } from './replay-run.ts';
import { ReplaySocket } from './replay-socket.ts';
import {
  createPacedReplayTime,
  createVirtualReplayTime,
  ReplayClock,
  type ReplayTime,
} from './replay-time.ts';

/** A recording to play: a path, or items, which are taken as they are needed. */
export type ReplaySource = string | Iterable<ReadItem> | AsyncIterable<ReadItem>;

/** How a recording is played again. */
export interface ReplayOptions {
  /**
   * `virtual` waits for nothing and is the same every time: time passes only within `run`, from one event to the next. A number lets
   * time pass by itself, so many times as fast as that of `runtime`.
   */
  readonly speed: number | 'virtual';
  /** The lanes of the recording behind the first one, in order: what the client saw on sockets that were open at once. */
  readonly lanes?: readonly ReplaySource[];
  /** Changes a received frame before the client gets it, so that an old one fits new requests. */
  readonly adapt?: (frame: string) => string;
  /** Bodies of answers by path, such as `/products`: they come before the recorded ones, as often as they are asked for. */
  readonly answers?: ReadonlyMap<string, string>;
  /**
   * What chance and identifiers of the client follow from; `replay` by default. Chance that the kit itself takes, as in waits for a
   * redial, is the one that makes the client no later than any recorded one; its audits are the latest.
   */
  readonly seed?: string;
  /** Where messages of the client go; nowhere by default. */
  readonly logger?: Logger;
  /** Where its counts go; nowhere by default. */
  readonly meter?: Meter;
  /** Gives the time for a speed that is a number; that of the system by default. */
  readonly runtime?: Pick<Runtime, 'clock' | 'timers'>;
}

/** A runtime whose venue is a recording. */
export interface ReplayRuntime extends Runtime, AsyncDisposable {
  /** A fresh copy. */
  readonly progress: ReplayProgress;
  /**
   * Plays on to the end of the recording, or until `until` holds, which is asked after every step. With virtual time, all promise work
   * that follows from the last step has settled then. One at a time.
   * @throws VenueError `invalid-options` for a line of the recording that does not fit; and whatever a handler or a timer of the client
   * throws.
   */
  run(options?: { readonly until?: () => boolean }): Promise<ReplayEnd>;
  /** Ends it: the recording is closed, and no timer is left. */
  close(): Promise<void>;
}

const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const silentMeter: Meter = { count() {}, record() {} };

/**
 * Makes a runtime that plays a recording through the code that trades. The socket that is opened as the n-th gets the frames of the
 * n-th recorded connection, each as long after its opening as it was recorded, and ends as it ended; what a client sends is not
 * answered beyond that. A connection goes up to its marked end; without one, another opening belongs to it. GET requests get the
 * recorded answers to the same path and query, at their places, one each. Whatever the recording does not answer stays unanswered.
 *
 * With each opening the wall clock is set to the recorded time of it, forwards or backwards; `monotonic` never goes back. With several
 * lanes, a socket takes the connection that waits in the lowest lane, and beside others it comes up at the recorded time. Which one of several
 * sockets that were lost at once comes back first is chance, so that they may take each other's connections then.
 * @throws VenueError `invalid-options` for an unknown speed, and for a file that cannot be read.
 */
export async function createReplayRuntime(
  recording: ReplaySource,
  options: ReplayOptions,
): Promise<ReplayRuntime> {
  const time = createTime(options);
  const lanes = await Promise.all([recording, ...(options.lanes ?? [])].map(beginLane));
  const clock = new ReplayClock(time, firstTimeOf(lanes));
  const answers = new ReplayAnswers(options.answers ?? new Map());
  const dials = new ReplayDials(time, () => clock.playing > 0);
  const { adapt = (frame) => frame } = options;
  const players = lanes.map(
    ({ items }, lane) => new ReplayPlayer({ lane, items, time, dials, clock, answers, adapt }),
  );
  const parts = { time, clock, dials, players, answers, items: lanes.map(({ items }) => items) };
  const replay = new ReplayRun(parts);
  for (const [at, player] of players.entries()) void player.play(lanes[at]?.first);
  return {
    ...createClientRuntime(options, parts),
    get progress() {
      return sumOf(players, answers);
    },
    run: ({ until = () => false } = {}) => replay.run(until),
    close: () => replay.close(),
    [Symbol.asyncDispose]: () => replay.close(),
  };
}

function createClientRuntime(options: ReplayOptions, parts: ReplayParts): Runtime {
  const { time, clock, dials, players, answers } = parts;
  const seed = forkSeed(undefined, options.seed ?? 'replay');
  const random = createKeyedRandom(seed);
  const shared = new Map<string, unknown>();
  return {
    clock: { now: () => clock.now(), monotonic: () => clock.monotonic() },
    timers: time.timers,
    random: { next: (key) => drawn.get(key) ?? random.next(key) },
    ids: createSeededIds(seed),
    logger: options.logger ?? silentLogger,
    meter: options.meter ?? silentMeter,
    fetch: (request) => answers.answer(request),
    openSocket: (_url, _options, handlers) => {
      const socket = new ReplaySocket(handlers, () => {
        dials.remove(socket);
        for (const player of players) player.left(socket);
      });
      dials.add(socket);
      return socket;
    },
    shared: <T>(key: string, create: () => T): T => {
      if (!shared.has(key)) shared.set(key, create());
      return shared.get(key) as T;
    },
  };
}

/**
 * A request that a book needs and that is late has its recorded answer behind it, so there is no wait for a redial or for asking again.
 * Audits are as late as can be: one that nobody answers costs nothing, and one that is early stands beside what a book needs.
 */
const drawn: ReadonlyMap<string, number> = new Map([
  ['stream-backoff', 0],
  ['book-audit', 0],
]);

function createTime({ speed, runtime }: ReplayOptions): ReplayTime {
  if (speed === 'virtual') return createVirtualReplayTime();
  if (Number.isFinite(speed) && speed > 0)
    return createPacedReplayTime(runtime ?? createSystemRuntime(), speed);
  const message = `expected speed to be virtual or a number above 0, got ${String(speed)}`;
  throw recordingRefusal('createReplayRuntime', message);
}

interface Lane {
  readonly items: ItemIterator;
  readonly first: ReadItem | undefined;
}

async function beginLane(source: ReplaySource): Promise<Lane> {
  const recording = typeof source === 'string' ? readRecording(source) : source;
  const items =
    Symbol.asyncIterator in recording ? recording[Symbol.asyncIterator]() : recording[Symbol.iterator]();
  const { done, value } = await items.next();
  return { items, first: done === true ? undefined : value };
}

/** In microseconds since the epoch; 0 if there is nothing to play. */
function firstTimeOf(lanes: readonly Lane[]): number {
  const times = lanes.flatMap(({ first }) =>
    first === undefined || first.kind === 'torn' ? [] : [toMicroseconds(first.time)],
  );
  return times.length === 0 ? 0 : Math.min(...times);
}

function sumOf(players: readonly ReplayPlayer[], { answered }: ReplayAnswers): ReplayProgress {
  const sum = { connections: 0, frames: 0, skippedFrames: 0 };
  for (const { progress } of players) {
    sum.connections += progress.connections;
    sum.frames += progress.frames;
    sum.skippedFrames += progress.skippedFrames;
  }
  const torn = players.map(({ progress }) => progress.torn).find((end) => end !== undefined);
  return { ...sum, answers: answered, torn };
}
