import { readFileSync } from 'node:fs';
import { realSession, sessions } from '@venuekit/tooling-vitest/recordings';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type ListeningSimulator,
  loadReplay,
  type ReplayMarket,
  startExchangeSimulator,
} from '../src/index.ts';
import { PlainBook } from './models/plain-book.ts';
import { connectClient, type StreamClient } from './stream-client.ts';

let simulator: ListeningSimulator | undefined;

afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

type Session = (typeof sessions)[number];

async function start(session: Session, options: Partial<ReplayMarket> = {}): Promise<ListeningSimulator> {
  const { sessionFile, productsFile } = session;
  const replay = await loadReplay({ sessionFile, productsFile });
  simulator = await startExchangeSimulator({
    market: { kind: 'replay', ...replay, speed: 'max', ...options },
  });
  return simulator;
}

/** Received frames of a file, read without the package. */
function recordedFrames(session: Session): string[] {
  const lines = readFileSync(session.sessionFile, 'utf8').split('\n');
  return lines.filter((line) => /^\d/.test(line)).map((line) => line.replace(/^[\d.]+: /, ''));
}

function named(frames: readonly string[], ...names: readonly string[]): string[] {
  return frames.filter((text) => names.some((name) => text.startsWith(`{"m":"${name}"`)));
}

function symbolOf(text: string): string {
  return /"symbol":"([^"]+)"/.exec(text)?.[1] ?? '';
}

function symbolsOf(session: Session): string[] {
  return [...new Set(named(recordedFrames(session), 'depth-snapshot').map(symbolOf))];
}

async function played(client: StreamClient, running: ListeningSimulator, count: number): Promise<void> {
  await running.finished;
  await client.until(() => client.frames.length >= count);
}

const published = ['depth', 'depth-snapshot', 'trades', 'ping'];

for (const session of sessions) {
  describe.skipIf(!session.present)(session.name, () => {
    for (const speed of ['max', 50] as const) {
      test(`at speed ${speed} a client gets every frame byte for byte, in order`, async () => {
        const running = await start(session, { speed });
        const client = await connectClient(running.endpoints.streamUrl);
        const recorded = recordedFrames(session);
        client.follow(symbolsOf(session));
        await played(client, running, recorded.length);
        const got = client.frames.map(({ text }) => text);
        expect(got.length).toBe(recorded.length);
        expect(named(got, ...published)).toEqual(named(recorded, ...published));
        expect(
          named(got, 'sub')
            .map((text) => text.replace(/"id":"[^"]*",/, ''))
            .sort(),
        ).toEqual(named(recorded, 'sub').sort());
        const emitted = Object.values(running.stats.depth).reduce((sum, { emitted }) => sum + emitted, 0);
        expect(emitted).toBe(named(recorded, 'depth').length);
        await client.close();
      });
    }

    test('the book that the simulator keeps equals an independent model at the end', async () => {
      const running = await start(session);
      const client = await connectClient(running.endpoints.streamUrl);
      const recorded = recordedFrames(session);
      client.follow(symbolsOf(session));
      await played(client, running, recorded.length);
      for (const symbol of symbolsOf(session)) {
        const model = modelOf(recorded, symbol);
        const known = client.named('depth-snapshot').length;
        client.send({ op: 'req', action: 'Depth-Snapshot', args: { symbol } });
        await client.until(() => client.named('depth-snapshot').length > known);
        const kept = new PlainBook();
        kept.snapshot(client.named('depth-snapshot').at(-1)!.text);
        expect(kept.seqnum).toBe(model.seqnum);
        expect(kept.levels()).toEqual(model.levels());
        expect([model.gaps, model.unknownDeletes, model.crossed]).toEqual([0, 0, false]);
      }
      await client.close();
    });

    test('a client that joins late gets a book and the differences that follow it', async () => {
      const running = await start(session, { speed: 100 });
      const first = await connectClient(running.endpoints.streamUrl);
      first.follow(symbolsOf(session));
      await first.until(() => first.named('depth').length > 60);
      const late = await connectClient(running.endpoints.streamUrl);
      late.follow(symbolsOf(session));
      await running.finished;
      await late.until(() => late.named('depth-snapshot').length === symbolsOf(session).length);
      first.send({ op: 'ping', id: 'end' });
      late.send({ op: 'ping', id: 'end' });
      await Promise.all([first, late].map((client) => client.until(() => client.named('pong').length > 0)));
      for (const symbol of symbolsOf(session)) {
        expect(bookOf(late, symbol)).toEqual(bookOf(first, symbol));
      }
      expect(late.named('depth').length).toBeLessThan(first.named('depth').length);
    });

    test('any one difference can be taken away: nobody gets it and the kept book has it', async () => {
      const target = named(recordedFrames(session), 'depth')[40] ?? '';
      const seqnum = BigInt(/"seqnum":(\d+)/.exec(target)?.[1] ?? 0);
      const running = await start(session, {
        removeDepth: (symbol, candidate) => symbol === symbolOf(target) && candidate === seqnum,
      });
      const client = await connectClient(running.endpoints.streamUrl);
      client.follow(symbolsOf(session));
      await played(client, running, recordedFrames(session).length - 1);
      expect(
        named(
          client.frames.map(({ text }) => text),
          'depth',
        ),
      ).toEqual(named(recordedFrames(session), 'depth').filter((text) => text !== target));
      expect(running.stats.depth[symbolOf(target)]?.leftOut).toBe(1);
      const model = modelOf(recordedFrames(session), symbolOf(target));
      client.send({ op: 'req', action: 'depth-snapshot', args: { symbol: symbolOf(target) } });
      const books = client.named('depth-snapshot').length;
      await client.until(() => client.named('depth-snapshot').length > books);
      const kept = new PlainBook();
      kept.snapshot(client.named('depth-snapshot').at(-1)!.text);
      expect([kept.seqnum, kept.levels()]).toEqual([model.seqnum, model.levels()]);
    });

    test('at speed max ten subscriptions in ten messages of one tick lose nothing', async () => {
      const running = await start(session);
      const client = await connectClient(running.endpoints.streamUrl);
      for (const symbol of symbolsOf(session)) {
        client.send({ op: 'sub', ch: `depth:${symbol}` });
        client.send({ op: 'req', action: 'depth-snapshot', args: { symbol } });
      }
      const recorded = named(recordedFrames(session), 'depth', 'depth-snapshot');
      await running.finished;
      await client.until(
        () => client.named('depth').length + client.named('depth-snapshot').length === recorded.length,
      );
      const got = client.frames.map(({ text }) => text);
      expect(named(got, 'depth', 'depth-snapshot')).toEqual(recorded);
    });

    test('trades come by REST and by request with every digit', async () => {
      const running = await start(session);
      const client = await connectClient(running.endpoints.streamUrl);
      client.follow(symbolsOf(session));
      await played(client, running, recordedFrames(session).length);
      const numbers = (texts: readonly string[]): string[] =>
        texts.flatMap((text) => [...text.matchAll(/"seqnum":(\d+)/g)].map(([, digits]) => digits ?? ''));
      const recorded = named(recordedFrames(session), 'trades');
      const big = numbers(recorded).filter((digits) => BigInt(digits) > 2n ** 53n);
      expect(big.length).toBeGreaterThan(0);
      for (const symbol of new Set(recorded.map(symbolOf))) {
        const expected = numbers(recorded.filter((text) => symbolOf(text) === symbol));
        const answer = await fetch(`${running.endpoints.restUrl}/api/pro/v1/trades?symbol=${symbol}&n=100`);
        expect(numbers([await answer.text()])).toEqual(expected);
        client.send({ op: 'req', id: 7, action: 'market-trades', args: { symbol, level: 100 } });
        await client.until(() => client.named('market-trades').length > 0);
      }
      expect(client.named('market-trades')[0]?.json?.id).toBe(7);
    });
  });
}

/** The book of a symbol after all of its recorded frames. */
function modelOf(recorded: readonly string[], symbol: string): PlainBook {
  const model = new PlainBook();
  for (const text of recorded.filter((text) => symbolOf(text) === symbol)) {
    if (text.startsWith('{"m":"depth-snapshot"')) model.snapshot(text);
    if (text.startsWith('{"m":"depth"')) model.difference(text);
  }
  return model;
}

function bookOf(client: StreamClient, symbol: string): ReturnType<PlainBook['levels']> {
  const book = new PlainBook();
  const mine = client.frames.filter(({ json }) => json?.symbol === symbol);
  const snapshot = mine.find(({ json }) => json?.m === 'depth-snapshot');
  book.snapshot(snapshot?.text ?? '');
  for (const { text, json } of mine) if (json?.m === 'depth') book.difference(text);
  expect(book.gaps).toBe(0);
  return book.levels();
}

describe.skipIf(!realSession.present)('figures of the real session', () => {
  test('277 changes, 10 books, 4 trades in 3 messages, and the final best prices', async () => {
    const running = await start(realSession);
    const client = await connectClient(running.endpoints.streamUrl);
    client.follow(symbolsOf(realSession));
    await played(client, running, recordedFrames(realSession).length);
    expect(client.named('depth').length).toBe(277);
    expect(client.named('depth-snapshot').length).toBe(10);
    expect(client.named('trades').length).toBe(3);
    expect(client.named('trades').flatMap(({ json }) => json?.data).length).toBe(4);
    const answer = await fetch(`${running.endpoints.restUrl}/api/pro/v1/spot/ticker`);
    const { data } = (await answer.json()) as { data: { symbol: string; bid: string[]; ask: string[] }[] };
    const best = Object.fromEntries(data.map(({ symbol, bid, ask }) => [symbol, [bid[0], ask[0]]]));
    expect(best).toEqual({
      'CHZ/USDT': ['0.626579', '0.636898'],
      'SRM/BTC': ['0.00011224', '0.000112528'],
      'EGLD/USDT': ['209.1829', '216.8294'],
      'ZIG/USDT': ['0.097014', '0.097499'],
      'ALTBULL/USDT': ['1403.8', '1442.7'],
      'NEO/USDT': ['94.533', '94.875'],
      'XDAI/USDT': ['1.0004', '1.0067'],
      'CHR/USDT': ['0.37128', '0.37328'],
      'ROOM/USDT': ['1.9195', '1.9199'],
      'DIVI/USDT': ['0.05867', '0.05912'],
    });
  });
});
