import { readFileSync } from 'node:fs';
import {
  createSymbolMap,
  decodeEnvelope,
  decodeProducts,
  decodeStreamFrame,
  type StreamMessage,
} from '@venuekit/ascendex-wire';
import { type RecordedSession, sessions } from '@venuekit/tooling-vitest/recordings';
import { describe, expect, test } from 'vitest';

/** Frames that the venue sent: lines of the form `<seconds>: <frame>`. */
function framesOf(session: RecordedSession): readonly string[] {
  return readFileSync(session.sessionFile, 'utf8')
    .split('\n')
    .flatMap((line) => /^\d+(?:\.\d+)?: (.*)$/.exec(line)?.[1] ?? []);
}

/** Replies in the products file: what follows the first `: ` of each line that has a JSON body. */
function productsOf(session: RecordedSession): unknown {
  const reply = /: (\{"code".*)/.exec(readFileSync(session.productsFile, 'utf8'))?.[1] ?? '';
  return decodeEnvelope(reply, 'products');
}

/** The digits of every `seqnum` of a frame, by text search alone. */
const seqnumsIn = (frame: string): readonly string[] =>
  [...frame.matchAll(/"seqnum":\s*(\d+)/g)].map(([, digits = '']) => digits);

function seqnumsOf(message: StreamMessage): readonly string[] {
  if (message.type === 'depth' || message.type === 'depth-snapshot') return [message.seqnum.toString()];
  return message.type === 'trades' ? message.trades.map(({ seqnum }) => seqnum) : [];
}

/** What a frame says, put back into the venue's form. */
function toWire(message: StreamMessage): unknown {
  if (message.type === 'depth' || message.type === 'depth-snapshot') {
    const { symbol, venueTimeMs: ts, seqnum, asks, bids } = message;
    return { m: message.type, symbol, data: { ts, seqnum: Number(seqnum), asks, bids } };
  }
  if (message.type !== 'trades') return undefined;
  const data = message.trades.map(({ price: p, amount: q, venueTimeMs: ts, buyerIsMaker: bm, seqnum }) => ({
    p,
    q,
    ts,
    bm,
    seqnum: Number(seqnum),
  }));
  return { m: 'trades', symbol: message.symbol, data };
}

describe.each([...sessions])('$name', (session) => {
  test.skipIf(!session.present)('every frame is understood, and nothing of it is lost', () => {
    const frames = framesOf(session);
    expect(frames.length).toBeGreaterThan(100);
    const kinds = new Set<string>();
    for (const frame of frames) {
      const message = decodeStreamFrame(frame);
      kinds.add(message.type);
      expect(message.type, frame).not.toBe('unknown');
      expect('error' in message ? message.error : undefined, frame).toBeUndefined();
      if (message.type === 'trades') expect(message.refused).toEqual([]);
      const wire = toWire(message);
      if (wire !== undefined) expect(wire).toEqual(JSON.parse(frame));
      expect(seqnumsOf(message)).toEqual(seqnumsIn(frame));
    }
    expect([...kinds]).toEqual(
      expect.arrayContaining(['connected', 'sub-ack', 'depth', 'depth-snapshot', 'trades']),
    );
  });

  test.skipIf(!session.present)('updates of a symbol are numbered without a gap', () => {
    const last = new Map<string, bigint>();
    for (const frame of framesOf(session)) {
      const message = decodeStreamFrame(frame);
      if (message.type !== 'depth') continue;
      const previous = last.get(message.symbol);
      if (previous !== undefined) expect(message.seqnum).toBe(previous + 1n);
      last.set(message.symbol, message.seqnum);
    }
    expect(last.size).toBeGreaterThan(0);
  });

  test.skipIf(!session.present)(
    'every product is understood, and every recorded symbol is one of them',
    () => {
      const { instruments, refused } = decodeProducts(productsOf(session), { includeLeveraged: true });
      expect(refused).toEqual([]);
      expect(instruments.length).toBeGreaterThan(0);
      const map = createSymbolMap(instruments);
      expect(map.refused).toEqual([]);
      for (const frame of framesOf(session)) {
        const message = decodeStreamFrame(frame);
        if ('symbol' in message) expect(map.pairOf(message.symbol), message.symbol).toBeDefined();
      }
    },
  );
});
