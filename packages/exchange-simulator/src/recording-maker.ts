import { type Random, VenueError } from '@venuekit/connector-core';
import {
  encodeBook,
  encodeConfirmation,
  encodeDepth,
  encodePing,
  encodeTrades,
  greeting,
} from './dialect/ascendex/messages.ts';
import type { Market, MarketEvent } from './market/market.ts';
import type { ProductRecord } from './market/product.ts';
import type { RecordedSession } from './recording/recorded-session.ts';
import { toTimeText } from './recording/recorded-time.ts';
import { parseRecording } from './recording/recording-text.ts';
import { createSeededRandom, drawInteger } from './seeded-random.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';
import { createWorld } from './world/world.ts';

/** What a synthetic recording is made of. */
export interface RecordingOptions {
  /** Decides every byte. */
  readonly seed: string | number;
  /** How many pairs, from 1 to 60; 10 if left out. */
  readonly pairs?: number;
  /** From the subscriptions to the end, 1 to 3600; 30 if left out. */
  readonly seconds?: number;
}

/** A session of the synthetic market, in the form of a recording of the real venue. */
export interface SyntheticRecording {
  readonly session: RecordedSession;
  /** The products answer of the same moment, as a recording of its own. */
  readonly productsSession: RecordedSession;
  readonly products: readonly ProductRecord[];
}

/** 2024-01-01T00:00:00Z: a recording does not depend on when it was made. */
const epochMs = 1_704_067_200_000;
const streamUrl = 'wss://ascendex.com/1/api/pro/v1/stream';
const productsUrl = 'https://ascendex.com/api/pro/v1/products';

/** Milliseconds, from the opening of the market or between two events, like those of a real session. */
const connectAfterMs = 2_087;
const subscribeAfterMs = 831;
const confirmAfterMs = 110;
const bookAfterMs = 730;
const pingEveryMs = 15_000;
const latencyMs = 92;
const symbolsPerMessage = 10;

const leastSeconds = 1;
const mostSeconds = 3_600;

/** Listed without a market, as on the real venue: a perpetual and a pair that is not traded. */
const extraProducts: readonly ProductRecord[] = [
  {
    symbol: 'BTC-PERP',
    displayName: 'BTCUSDT',
    baseAsset: 'BTCUSDT',
    quoteAsset: 'USDT',
    status: 'Normal',
    minNotional: '0',
    maxNotional: '1000000',
    marginTradable: false,
    commissionType: 'Quote',
    commissionReserveRate: '0.001',
    tickSize: '1',
    lotSize: '0.0001',
  },
  {
    symbol: 'OLD/BTC',
    displayName: 'OLD/BTC',
    baseAsset: 'OLD',
    quoteAsset: 'BTC',
    status: 'NoTrading',
    minNotional: '0.00009',
    maxNotional: '3',
    marginTradable: false,
    commissionType: 'Base',
    commissionReserveRate: '0.002',
    tickSize: '0.000000001',
    lotSize: '1',
  },
];

/**
 * Runs the synthetic market in virtual time and records what a client would have received: the same options give the same bytes.
 * @throws VenueError `invalid-options` for a number of pairs or seconds that cannot be.
 */
export function createRecording({ seed, pairs = 10, seconds = 30 }: RecordingOptions): SyntheticRecording {
  checkSeconds(seconds);
  const time = createVirtualTime(epochMs);
  const { market } = createWorld({ seed, pairs }, time);
  const recorder = new Recorder(time, createSeededRandom(`${seed} recorder`));
  const connectMs = epochMs + connectAfterMs;
  const subscribeMs = connectMs + subscribeAfterMs;
  const endMs = subscribeMs + seconds * 1_000;
  const client = new RecordedClient(market, time, recorder);
  market.open({
    deliver: (event) => client.hear(event),
    leftOut: () => {},
    follows: () => true,
    crowded: () => false,
    wantsLevels: () => false,
  });
  time.runUntil(connectMs);
  client.connect(endMs);
  time.runUntil(subscribeMs);
  client.subscribe();
  time.runUntil(endMs - latencyMs - 5);
  const products = [...market.products, ...extraProducts];
  const body = JSON.stringify({ code: 0, data: products });
  const stamp = toTimeText(BigInt(connectMs - 3) * 1_000_000n);
  return {
    session: parseRecording(recorder.text(), 'spot-ws-synthetic.txt'),
    productsSession: parseRecording(
      `${productsUrl} -> ${stamp}: ${body}`,
      'spot-rest-products-synthetic.txt',
    ),
    products,
  };
}

/** A recording is held in memory: an hour is plenty. Less than a second has no books. */
function checkSeconds(seconds: number): void {
  if (Number.isFinite(seconds) && seconds >= leastSeconds && seconds <= mostSeconds) return;
  throw new VenueError({
    code: 'invalid-options',
    operation: 'createRecording',
    message: `expected seconds to be a number from ${leastSeconds} to ${mostSeconds}, got ${seconds}`,
  });
}

/** Writes down what is sent and received, with times as a real client would have seen them. */
class Recorder {
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #lines: { readonly at: bigint; readonly line: string }[] = [];
  #lastReceived = 0n;
  #lastSent = 0n;

  constructor(time: VirtualTime, random: Random) {
    this.#time = time;
    this.#random = random;
  }

  /** The venue sends a frame now; it arrives a little later. Returns when, in nanoseconds. */
  receive(text: string): bigint {
    const arrival = this.#now() + BigInt(latencyMs) * 1_000_000n + this.#jitter(2_000_000);
    const at = arrival > this.#lastReceived ? arrival : this.#lastReceived + 10_000n + this.#jitter(60_000);
    this.#lastReceived = at;
    this.#lines.push({ at, line: `${toTimeText(at)}: ${text}` });
    return at;
  }

  /** The client sends a frame at `at` nanoseconds, or now. */
  send(text: string, at: bigint = this.#now()): void {
    this.#lastSent = (at > this.#lastSent ? at : this.#lastSent) + 20_000n + this.#jitter(40_000);
    this.#lines.push({ at: this.#lastSent, line: `${streamUrl} <- ${toTimeText(this.#lastSent)}: ${text}` });
  }

  /** The client connects now. */
  connect(): void {
    const at = this.#now();
    this.#lines.push({ at, line: `${streamUrl} <-> ${toTimeText(at)}` });
  }

  /** The recording, by time. */
  text(): string {
    const lines = this.#lines.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    return lines.map(({ line }) => `${line}\n`).join('');
  }

  #now(): bigint {
    return BigInt(this.#time.clock.now()) * 1_000_000n;
  }

  /** Up to `nanoseconds`, in steps of a tenth of a microsecond. */
  #jitter(nanoseconds: number): bigint {
    return 100n * BigInt(drawInteger(this.#random, 'jitter', Math.floor(nanoseconds / 100)));
  }
}

/** A client that subscribes to everything and asks for every book. */
class RecordedClient {
  readonly #market: Market;
  readonly #time: VirtualTime;
  readonly #recorder: Recorder;
  #subscribed = false;

  constructor(market: Market, time: VirtualTime, recorder: Recorder) {
    this.#market = market;
    this.#time = time;
    this.#recorder = recorder;
  }

  connect(endMs: number): void {
    this.#recorder.connect();
    this.#after(90, () => this.#recorder.receive(greeting));
    const connectMs = this.#time.clock.now();
    for (let pingMs = connectMs + pingEveryMs; pingMs < endMs; pingMs += pingEveryMs) {
      this.#after(pingMs - connectMs, () => this.#ping());
    }
  }

  subscribe(): void {
    const { symbols } = this.#market;
    const batches: string[] = [];
    for (let start = 0; start < symbols.length; start += symbolsPerMessage) {
      batches.push(symbols.slice(start, start + symbolsPerMessage).join(','));
    }
    for (const channel of ['depth', 'trades']) {
      for (const batch of batches) this.#send({ op: 'sub', ch: `${channel}:${batch}` });
    }
    for (const symbol of symbols) this.#send({ op: 'req', action: 'depth-snapshot', args: { symbol } });
    this.#after(confirmAfterMs, () => this.#confirm());
    for (const [index, symbol] of symbols.entries()) {
      this.#after(bookAfterMs + 27 * index, () => this.#giveBook(symbol));
    }
  }

  hear(event: MarketEvent): void {
    if (!this.#subscribed) return;
    if (event.kind === 'depth') this.#recorder.receive(encodeDepth(event));
    if (event.kind === 'trades') this.#recorder.receive(encodeTrades(event.symbol, event.trades));
  }

  #send(message: object): void {
    this.#recorder.send(JSON.stringify(message));
  }

  #after(delayMs: number, run: () => void): void {
    this.#time.timers.setTimer(delayMs, run, 'recording');
  }

  #confirm(): void {
    this.#subscribed = true;
    for (const channel of ['depth', 'trades']) {
      for (const symbol of this.#market.symbols) {
        this.#recorder.receive(encodeConfirmation('sub', undefined, `${channel}:${symbol}`));
      }
    }
  }

  #giveBook(symbol: string): void {
    const book = this.#market.book(symbol, 500);
    if (book !== undefined) this.#recorder.receive(encodeBook(symbol, book));
  }

  #ping(): void {
    this.#recorder.send('{"op":"pong"}', this.#recorder.receive(encodePing(3)));
  }
}
