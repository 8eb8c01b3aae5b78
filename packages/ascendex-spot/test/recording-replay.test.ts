import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAscendexFrameFilter, withoutRequestId } from '@venuekit/ascendex-wire';
import type { LiveBook, Runtime } from '@venuekit/connector-core';
import {
  createRecordingFile,
  createRecordingWriter,
  createReplayRuntime,
  formatRecordingLine,
  parseRecordingLine,
  type RecordingItem,
  type ReplayOptions,
  type ReplaySource,
  readRecording,
  recordRuntime,
} from '@venuekit/connector-kit/recording';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import { createVirtualWorld } from '@venuekit/connector-kit/testing';
import {
  createExchangeSimulator,
  formatRecording,
  loadReplay,
  parseRecording,
  startExchangeSimulator,
} from '@venuekit/exchange-simulator';
import { type RecordedSession, sessions } from '@venuekit/tooling-vitest/recordings';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type AscendexSpot, type AscendexSpotOptions, createAscendexSpot } from '../src/index.ts';
import { readSessionTruth, type SessionTruth } from './models/session-truth.ts';

const replayEndpoints = { restUrl: 'https://replay.test', streamUrl: 'wss://replay.test' };
const productsPath = '/api/pro/v1/cash/products';

async function itemsOf(path: string): Promise<RecordingItem[]> {
  const items: RecordingItem[] = [];
  for await (const item of readRecording(path)) {
    if (item.kind === 'torn') throw new Error(item.reason);
    items.push(item);
  }
  return items;
}

async function answersOf({ productsFile }: RecordedSession): Promise<ReadonlyMap<string, string>> {
  const texts = (await itemsOf(productsFile)).flatMap((item) => (item.kind === 'answer' ? [item.text] : []));
  return new Map(texts.map((text) => [productsPath, text]));
}

/** Levels of a live book, best first. */
function levelsOf(view: LiveBook): { readonly bids: readonly string[]; readonly asks: readonly string[] } {
  const rows = (levels: ReturnType<LiveBook['bids']>) =>
    levels.map(({ price, amount }) => `${price} ${amount}`);
  return { bids: rows(view.bids()), asks: rows(view.asks()) };
}

/** A client that follows books and trades of some markets, and notes all that it is told. */
interface Follower {
  readonly venue: AscendexSpot;
  /** One line an event: books with every level. */
  readonly log: string[];
  /** Books as they are now: state, number and levels. */
  books(): Readonly<Record<string, unknown>>;
}

function follow(
  options: AscendexSpotOptions,
  pairs: readonly string[],
): Follower & { readonly ready: Promise<void> } {
  const venue = createAscendexSpot(options);
  const log: string[] = [];
  const read = (pair: string): unknown => {
    const view = handles.get(pair)?.book.read();
    return view?.state === 'live' ? { sequence: `${view.sequence}`, ...levelsOf(view) } : view?.state;
  };
  const handles = new Map<string, Awaited<ReturnType<AscendexSpot['marketData']['open']>>>();
  const start = async (): Promise<void> => {
    await venue.connect();
    const opened = await Promise.all(pairs.map((pair) => venue.marketData.open(pair)));
    for (const handle of opened) {
      const { pair } = handle;
      handles.set(pair, handle);
      handle.book.subscribe((event) => log.push(`${pair} ${event.kind} ${JSON.stringify(read(pair))}`));
      handle.trades.subscribe((event) => {
        const what =
          event.kind === 'trade' ? `${event.tradeId} ${event.side} ${event.amount} ${event.price}` : '';
        log.push(`${pair} ${event.kind} ${what}`);
      });
    }
  };
  return {
    venue,
    log,
    ready: start(),
    books: () => Object.fromEntries(pairs.map((pair) => [pair, read(pair)])),
  };
}

/** What a replay showed. */
interface Shown {
  readonly log: readonly string[];
  readonly books: Readonly<Record<string, unknown>>;
  /** Wall time of the replay at each frame, in milliseconds. */
  readonly receivedAtMs: readonly number[];
}

/** Plays a file through a connector in virtual time. */
async function replayed(
  source: ReplaySource,
  pairs: readonly string[],
  options: Partial<ReplayOptions> & Pick<AscendexSpotOptions, 'venueOptions'> = {},
): Promise<Shown> {
  const { venueOptions = {}, ...changes } = options;
  const receivedAtMs: number[] = [];
  const settings: ReplayOptions = { speed: 'virtual', adapt: withoutRequestId, ...changes };
  await using replay = await createReplayRuntime(source, settings);
  const note = () => receivedAtMs.push(replay.clock.now());
  const runtime = withFrameListener(replay, note);
  const follower = follow({ endpoints: replayEndpoints, runtime, venueOptions }, pairs);
  const [end] = await Promise.all([replay.run(), follower.ready]);
  expect(end).toBe('finished');
  const books = follower.books();
  const log = [...follower.log];
  await follower.venue.close();
  return { log, books, receivedAtMs };
}

function withFrameListener(runtime: Runtime, onFrame: () => void): Runtime {
  return {
    ...runtime,
    openSocket: (url, options, handlers) => {
      const message = (bytes: Uint8Array): void => {
        onFrame();
        handlers.message(bytes);
      };
      return runtime.openSocket(url, options, { ...handlers, message });
    },
  };
}

function lastBooks(truth: SessionTruth): Readonly<Record<string, unknown>> {
  const last = [...truth.markets].map(([pair, { books }]) => [pair, [...books].at(-1)] as const);
  return Object.fromEntries(last.map(([pair, book]) => [pair, { sequence: `${book?.[0]}`, ...book?.[1] }]));
}

for (const session of sessions) {
  describe.skipIf(!session.present)(`${session.name}, played by the kit in virtual time`, () => {
    const load = async () => {
      const truth = readSessionTruth(readFileSync(session.sessionFile, 'utf8'));
      return { truth, pairs: [...truth.markets.keys()], answers: await answersOf(session) };
    };

    test('every book is the session’s at every message, and so is every trade', async () => {
      const { truth, pairs, answers } = await load();
      const { log, books } = await replayed(session.sessionFile, pairs, { answers });
      expect(books).toEqual(lastBooks(truth));
      for (const [pair, { books: expected }] of truth.markets) {
        const live = log.filter((line) => line.startsWith(`${pair} book {`));
        const seen = live.map((line) => JSON.parse(line.slice(`${pair} book `.length)));
        expect(seen).toEqual(
          [...expected].map(([sequence, levels]) => ({ sequence: `${sequence}`, ...levels })),
        );
      }
      const trades = truth.trades.map(
        ({ pair, tradeId, side, amount, price }) => `${pair} trade ${tradeId} ${side} ${amount} ${price}`,
      );
      expect(log.filter((line) => line.includes(' trade '))).toEqual(trades);
      expect(log.filter((line) => line.includes(' gap '))).toEqual([]);
    });

    test('each frame comes in the millisecond in which it was received', async () => {
      const { pairs, answers } = await load();
      const { receivedAtMs } = await replayed(session.sessionFile, pairs, { answers });
      const frames = (await itemsOf(session.sessionFile)).filter(({ kind }) => kind === 'received');
      expect(receivedAtMs).toEqual(
        frames.map(({ time }) => {
          const [seconds = '', fraction = ''] = time.split('.');
          return Number(`${seconds}${fraction.padEnd(3, '0').slice(0, 3)}`);
        }),
      );
    });

    test('twice is the same', async () => {
      const { pairs, answers } = await load();
      const play = () => replayed(session.sessionFile, pairs, { answers });
      expect(await play()).toEqual(await play());
    });

    test('the kit and the simulator read the same items', async () => {
      for (const path of [session.sessionFile, session.productsFile]) {
        const kit = await itemsOf(path);
        const simulator = parseRecording(readFileSync(path, 'utf8'), path);
        expect(kit).toEqual(simulator.items.map(withoutMeaning));
        expect(kit.map((item) => `${formatRecordingLine(item)}\n`).join('')).toBe(formatRecording(simulator));
      }
    });
  });
}

describe('four minutes in which messages and connections are lost', () => {
  test.each(['a', 'b', 'c'])('played again give every book and trade, seed %s', async (seed) => {
    const { lanes, log, books, pairs } = await recordVirtually(seed, [
      'gap',
      'drop',
      'gap',
      'gap',
      'drop',
      'gap',
    ]);
    const shown = await replayed(lanes[0] ?? [], pairs);
    expect(shown.books).toEqual(books);
    expect(told(shown.log, pairs)).toEqual(told(log, pairs));
  });

  test.each(['e', 'f'])('of a client with several sockets too, seed %s', async (seed) => {
    const venueOptions = { symbolsPerSession: 2 };
    const { lanes, log, books, pairs } = await recordVirtually(
      seed,
      ['gap', 'gap', 'gap', 'gap'],
      venueOptions,
    );
    const [first = [], ...others] = lanes;
    expect(others).toHaveLength(2);
    const shown = await replayed(first, pairs, { lanes: others, venueOptions });
    expect(shown.books).toEqual(books);
    expect(told(shown.log, pairs)).toEqual(told(log, pairs));
  });
});

/** What is told of each market: markets on different sockets come in any order within a millisecond. */
function told(log: readonly string[], pairs: readonly string[]): readonly (readonly string[])[] {
  const lines = log.filter(isTold);
  return pairs.map((pair) => lines.filter((line) => line.startsWith(`${pair} `)));
}

interface RecordedVirtually extends Pick<RecordedLive, 'log' | 'books' | 'pairs'> {
  readonly lanes: readonly (readonly RecordingItem[])[];
}

/** Records a connector on the simulator in virtual time, with faults at places that the seed draws. */
async function recordVirtually(
  seed: string,
  faults: readonly ('gap' | 'drop')[],
  venueOptions: NonNullable<AscendexSpotOptions['venueOptions']> = {},
): Promise<RecordedVirtually> {
  const world = createVirtualWorld({ seed });
  const simulator = createExchangeSimulator({
    market: { kind: 'synthetic', seed, pairs: 5 },
    runtime: world,
  });
  world.network.listen('venue.test', {
    fetch: (request) => simulator.fetch(request),
    openStream: (path, sink) => simulator.connect(path.split('?')[0] ?? '', sink),
  });
  const { runtime } = world.process('client').start();
  const lanes: RecordingItem[][] = [];
  const recorded = recordRuntime(
    runtime,
    (lane) => {
      const items: RecordingItem[] = [];
      lanes[lane] = items;
      const write = (line: string) => items.push(...[parseRecordingLine(line.trimEnd()) ?? []].flat());
      return createRecordingWriter({ write, clock: runtime.clock });
    },
    { keep: createAscendexFrameFilter() },
  );
  const pairs = simulator.pairs.map((symbol) => symbol.replace('/', '-'));
  const endpoints = { restUrl: 'http://venue.test', streamUrl: 'ws://venue.test' };
  const follower = follow({ endpoints, runtime: recorded, venueOptions }, pairs);
  for (const kind of faults) {
    await world.run({ forMs: 20_000 + 20_000 * world.random.next('fault') });
    simulator.inject({ kind, atSeconds: 0 });
  }
  await world.run({ forMs: 60_000 });
  const [log, books] = [[...follower.log], follower.books()];
  void follower.venue.close();
  await world.run({ forMs: 5_000 });
  simulator.close();
  expect(recorded.counts).toMatchObject({ notKept: 0, secret: 0, unreadable: 0, otherSockets: 0 });
  return { lanes, log, books, pairs };
}

/** What the simulator read out of a frame is no part of the line. */
function withoutMeaning(item: object): object {
  return Object.fromEntries(
    Object.entries(item).filter(([name]) => name !== 'message' && name !== 'command'),
  );
}

describe('a session of the simulator over sockets, with a connection that breaks', () => {
  let live: RecordedLive;
  beforeAll(async () => {
    live = await recordSession();
  });
  afterAll(() => rmSync(live.folder, { recursive: true }));

  test('is recorded as it was', () => {
    // The simulator takes the same session down from its side. What it had sent when the connection broke never arrived.
    const [kit, simulator] = [connectionsOf(live.text), connectionsOf(live.simulatorText)];
    expect([kit.length, simulator.length]).toEqual([2, 2]);
    for (const [at, frames] of kit.entries()) {
      expect(frames.length).toBeGreaterThan(10);
      expect(frames).toEqual(simulator[at]?.slice(0, frames.length));
    }
  });

  test('and played again gives what the client saw', async () => {
    const { path, pairs, books, log } = live;
    const shown = await replayed(path, pairs);
    expect(shown.books).toEqual(books);
    expect(shown.log.filter(isTold)).toEqual(log.filter(isTold));
    for (const pair of pairs) expect(shown.log.join('\n')).toContain(`${pair} gap`);
  });

  test('can be played by the simulator too', async () => {
    const sessionFile = join(live.folder, 'copy.txt');
    writeFileSync(sessionFile, live.text);
    const replay = await loadReplay({ sessionFile });
    const simulator = await startExchangeSimulator({ market: { kind: 'replay', speed: 'max', ...replay } });
    const follower = follow({ endpoints: simulator.endpoints }, live.pairs);
    await follower.ready;
    await simulator.finished;
    await vi.waitFor(() => expect(follower.books()).toEqual(live.books), { timeout: 10_000 });
    await follower.venue.close();
    await simulator.close();
  });
});

/** Live books and trades: how often a book is told that is not live depends on how long the client was away. */
function isTold(line: string): boolean {
  return /^\S+ (?:book \{|trade )/.test(line);
}

interface RecordedLive {
  readonly folder: string;
  readonly path: string;
  /** What the kit has written. */
  readonly text: string;
  /** What the simulator has written of the same session. */
  readonly simulatorText: string;
  readonly log: readonly string[];
  readonly books: Readonly<Record<string, unknown>>;
  readonly pairs: readonly string[];
}

/** Lets a connector follow the simulator for two connections, and records it from both sides. */
async function recordSession(): Promise<RecordedLive> {
  const folder = mkdtempSync(join(tmpdir(), 'venuekit-session-'));
  const path = join(folder, 'session.txt.gz');
  let simulatorText = '';
  const write = (line: string): void => {
    simulatorText += line;
  };
  const market = { kind: 'synthetic', seed: 'recorded', pairs: 3 } as const;
  const simulator = await startExchangeSimulator({ market, record: { write } });
  const system = createSystemRuntime();
  const file = createRecordingFile(path, system);
  const writer = createRecordingWriter({ write: (line) => file.write(line), clock: system.clock });
  const runtime = recordRuntime(system, writer, { keep: createAscendexFrameFilter() });
  const pairs = simulator.pairs.map((symbol) => symbol.replace('/', '-'));
  // The simulator plays what has the older list of products in it.
  await runtime.fetch(new Request(`${simulator.endpoints.restUrl}/api/pro/v1/products`));
  const follower = follow({ endpoints: simulator.endpoints, runtime }, pairs);
  await follower.ready;
  const isLive = () =>
    expect(Object.values(follower.books()).every((book) => typeof book === 'object')).toBe(true);
  const more = async (lines: number) => {
    const enough = follower.log.length + lines;
    await vi.waitFor(() => expect(follower.log.length).toBeGreaterThan(enough), { timeout: 20_000 });
    await vi.waitFor(isLive, { timeout: 20_000 });
  };
  await vi.waitFor(isLive, { timeout: 20_000 });
  await more(20);
  simulator.inject({ kind: 'drop', atSeconds: 0 });
  await vi.waitFor(() => expect(simulatorText).toContain(' <x> '), { timeout: 20_000 });
  await more(20);
  const [log, books] = [[...follower.log], follower.books()];
  await follower.venue.close();
  await simulator.close();
  await runtime.settled();
  await file.close();
  expect(runtime.counts).toMatchObject({ connections: 2, notKept: 0, secret: 0, unreadable: 0 });
  const text = (await itemsOf(path)).map((item) => `${formatRecordingLine(item)}\n`).join('');
  return { folder, path, text, simulatorText, log, books, pairs };
}

/** Frames that were received, by connection. */
function connectionsOf(text: string): readonly (readonly string[])[] {
  return text
    .split(/^\S+ <-> .*\n/m)
    .slice(1)
    .map((part) => [...part.matchAll(/^\d+(?:\.\d+)?: (.*)$/gm)].map(([, frame]) => frame ?? ''));
}
