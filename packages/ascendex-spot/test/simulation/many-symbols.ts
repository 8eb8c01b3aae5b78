import type { MarketHandle } from '@venuekit/connector-core';
import type { ManualSocket } from '@venuekit/connector-kit/testing';
import { createSeededRandom } from '@venuekit/exchange-simulator';
import { createManualVenue, type ManualVenue, outcomeOf, product, turns } from '../manual-venue.ts';

/** A venue of many symbols that answers everything, on every connection. */
export interface ManySymbols {
  readonly venue: ManualVenue;
  readonly handles: readonly MarketHandle[];
  /** The most requests of a kind that came in any minute, on all connections together. */
  busiestMinute(what: string): number;
  /** The book of each symbol goes on by a message, which is told if `told` says so. */
  move(told: boolean): void;
  /** Lets time pass, and answers what comes in it. */
  advance(ms: number): Promise<void>;
}

const stepMs = 100;

/** Opens so many symbols with all of their streams. */
export async function openManySymbols(count: number): Promise<ManySymbols> {
  const symbols = Array.from({ length: count }, (_, at) => `A${at}/USDT`);
  const venue = createManualVenue({ products: symbols.map((symbol) => product(symbol)) });
  const { runtime } = venue;
  Object.assign(runtime.random, createSeededRandom('many symbols'));
  const read = new Map<ManualSocket, number>();
  const arrived = new Map<string, number[]>();
  const homes = new Map<string, ManualSocket>();
  let sequence = 100;
  const say = (socket: ManualSocket, message: object) => {
    if (!socket.closed) socket.handlers.message(Buffer.from(JSON.stringify(message)));
  };
  const depthOf = (m: string, symbol: string) => {
    const [bids, asks] = [[[`${9 + sequence / 1_024}`, '1']], [[`${900 - sequence / 1_024}`, '1']]];
    return { m, symbol, data: { ts: sequence, seqnum: sequence, bids, asks } };
  };
  const answer = (socket: ManualSocket, frame: string) => {
    const { op, id, ch = '', action = op, args } = JSON.parse(frame);
    const key = `${action} ${runtime.sockets.indexOf(socket)}`;
    arrived.set(key, [...(arrived.get(key) ?? []), runtime.clock.monotonic()]);
    const symbol = args?.symbol;
    if (op === 'sub') {
      for (const name of ch.split(':')[1].split(',')) homes.set(name, socket);
      say(socket, { m: 'sub', id, ch, code: 0 });
    } else if (op === 'ping') say(socket, { m: 'pong', hp: 3 });
    else if (action === 'depth-snapshot') say(socket, depthOf(action, symbol));
    else if (action === 'market-trades') say(socket, { m: action, id, symbol, data: [] });
  };
  const answerAll = () => {
    for (const socket of runtime.sockets) {
      if (!read.has(socket)) {
        read.set(socket, 0);
        socket.handlers.opened();
        say(socket, { m: 'connected', type: 'unauth' });
      }
      while ((read.get(socket) ?? 0) < socket.sent.length) {
        const at = read.get(socket) ?? 0;
        read.set(socket, at + 1);
        answer(socket, socket.sent[at] ?? '');
      }
    }
  };
  const advance = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += stepMs) {
      await runtime.advance(stepMs);
      answerAll();
    }
  };
  const settled = async (promise: Promise<unknown>) => {
    let outcome: string | undefined;
    void outcomeOf(promise).then((text) => {
      outcome = text;
    });
    for (let turn = 0; turn < 5_000 && outcome === undefined; turn += 1) {
      await turns(2);
      await advance(stepMs);
    }
    if (outcome !== 'resolved') throw new Error(`expected it to be done, got ${outcome}`);
  };
  await settled(venue.connector.connect());
  const streams = ['book', 'ticker', 'trades'] as const;
  const opening = Promise.all(
    symbols.map((symbol) => venue.connector.marketData.open(symbol.replace('/', '-'), { streams })),
  );
  await settled(opening);
  return {
    ...{ venue, advance, handles: await opening },
    busiestMinute: (what) => {
      const times = [...arrived].filter(([key]) => key.startsWith(`${what} `)).flatMap(([, list]) => list);
      return mostInMinute(times.toSorted((one, other) => one - other));
    },
    move: (told) => {
      sequence += 1;
      if (!told) return;
      for (const [symbol, socket] of homes) {
        const message = depthOf('depth', symbol);
        const { ts, bids, asks } = message.data;
        say(socket, { m: 'bbo', symbol, data: { ts, bid: bids[0], ask: asks[0] } });
        say(socket, message);
      }
    },
  };
}

/** The most of these that lie within a minute. */
function mostInMinute(times: readonly number[]): number {
  const counts = times.map((end) => times.filter((at) => at > end - 60_000 && at <= end).length);
  return Math.max(0, ...counts);
}
