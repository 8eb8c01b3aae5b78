import { isVenueError, type VenueError } from '@venuekit/connector-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeStreamFrame, type RefusedMessage, type StreamMessage } from './stream-messages.ts';

const decode = (frame: unknown): StreamMessage => decodeStreamFrame(JSON.stringify(frame));

function refusalOf(text: string): VenueError {
  try {
    decodeStreamFrame(text);
  } catch (error) {
    if (isVenueError(error)) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

/** The refusal of a message whose market is known. */
function refusedOf(frame: unknown): RefusedMessage {
  const message = decode(frame);
  if (message.type === 'refused') return message;
  throw new Error(`expected a refusal, got ${message.type}`);
}

const depth = (data: object = {}): object => ({
  m: 'depth',
  symbol: 'ASD/USDT',
  data: { ts: 1767225600123, seqnum: 21, asks: [['0.0713', '500']], bids: [['0.0712', '0']], ...data },
});
const trade = { p: '0.0712', q: '10', ts: 1767225600123, bm: true, seqnum: 5 };

describe('depth', () => {
  test('an update and a snapshot', () => {
    const content = {
      symbol: 'ASD/USDT',
      seqnum: 21n,
      venueTimeMs: 1767225600123,
      bids: [['0.0712', '0']],
      asks: [['0.0713', '500']],
    };
    expect(decode(depth())).toEqual({ type: 'depth', ...content });
    expect(decode({ ...depth(), m: 'depth-snapshot' })).toEqual({ type: 'depth-snapshot', ...content });
  });

  test.each(['depth-realtime', 'depth-snapshot-realtime'] as const)('%s has a type of its own', (m) => {
    const { bids, asks } = { bids: [['0.0712', '0']], asks: [['0.0713', '500']] };
    const message = { type: m, symbol: 'ASD/USDT', seqnum: 21n, venueTimeMs: 0, bids, asks };
    expect(decode({ ...depth({ ts: 0 }), m })).toEqual(message);
    const { error, ...about } = refusedOf({ ...depth({ asks: [['1', 'x']] }), m });
    expect(about).toEqual({ type: 'refused', kind: m, symbol: 'ASD/USDT' });
    expect(error.message).toContain(`${m} of ASD/USDT: asks[0] amount: expected decimal text`);
  });

  test('a sequence number keeps its 64 bits, as a number or as text', () => {
    for (const seqnum of ['144115207815068068', '"144115207815068068"', '18446744073709551615']) {
      const text = JSON.stringify(depth({ seqnum: 0 })).replace('"seqnum":0', `"seqnum":${seqnum}`);
      expect(decodeStreamFrame(text)).toMatchObject({ seqnum: BigInt(seqnum.replaceAll('"', '')) });
    }
  });

  test('sides may be empty, and a level may have more than two parts', () => {
    expect(decode(depth({ bids: [], asks: [['1', '2', '3']] }))).toMatchObject({
      bids: [],
      asks: [['1', '2']],
    });
  });

  test.each([
    ['1e5', 'exponent'],
    ['1E5', 'exponent'],
    ['-1', 'sign'],
    ['+1', 'sign'],
    ['', 'empty'],
    [' 1', 'blank'],
    ['1 ', 'blank'],
    ['.5', 'no whole part'],
    ['5.', 'no fraction'],
    ['0x10', 'hexadecimal'],
    ['1,5', 'comma'],
    ['NaN', 'not a number'],
    ['Infinity', 'not finite'],
    ['1_000', 'separator'],
    ['١', 'another script'],
    [1, 'a JSON number'],
    [null, 'null'],
    [['1'], 'a list'],
  ])('one bad level refuses the whole frame: %j (%s)', (bad, _why) => {
    for (const level of [
      [bad, '1'],
      ['1', bad],
    ]) {
      const { error, ...about } = refusedOf(depth({ asks: [['1', '1'], level] }));
      expect(about).toEqual({ type: 'refused', kind: 'depth', symbol: 'ASD/USDT' });
      expect(error).toMatchObject({ code: 'protocol', venue: 'ascendex', operation: 'decodeStreamFrame' });
      expect(error.message).toMatch(/depth of ASD\/USDT: asks\[1\] (price|amount): expected .*, got /);
    }
  });

  test('a number has up to forty digits on either side of its point', () => {
    const [most, more] = ['1'.repeat(40), '1'.repeat(41)];
    for (const good of [most, `${most}.5`, `5.${most}`, `${most}.${most}`])
      expect(decode(depth({ asks: [[good, good]] }))).toMatchObject({ asks: [[good, good]] });
    for (const bad of [more, `${more}.5`, `5.${more}`])
      expect(refusedOf(depth({ asks: [['1', bad]] })).error.message).toContain('expected decimal text');
  });

  test('a price is above zero, an amount may be zero', () => {
    expect(refusedOf(depth({ bids: [['0.000', '1']] })).error.message).toContain(
      'bids[0] price: expected a number above zero, got "0.000"',
    );
    expect(decode(depth({ bids: [['1', '0.00']] }))).toMatchObject({ bids: [['1', '0.00']] });
  });

  test.each([
    [{ data: undefined }, 'data'],
    [{ data: [] }, 'data'],
  ])('%j names %s', (change, field) => {
    expect(refusedOf({ ...depth(), ...change }).error.message).toContain(`${field}: expected`);
  });

  test.each([
    [{ seqnum: undefined }, 'seqnum'],
    [{ seqnum: 1.5 }, 'seqnum'],
    [{ seqnum: -1 }, 'seqnum'],
    [{ seqnum: '01' }, 'seqnum'],
    [{ seqnum: '1e3' }, 'seqnum'],
    [{ ts: 'soon' }, 'ts'],
    [{ ts: undefined }, 'ts'],
    [{ bids: undefined }, 'bids'],
    [{ bids: {} }, 'bids'],
    [{ asks: [['1']] }, 'asks[0]'],
    [{ asks: ['1'] }, 'asks[0]'],
  ])('data %j names %s', (change, field) => {
    expect(refusedOf(depth(change)).error.message).toContain(`depth of ASD/USDT: ${field}: expected`);
  });

  test('an excerpt is bounded', () => {
    const { error } = refusedOf(depth({ bids: [['9'.repeat(100_000), '1']] }));
    expect(error.message.length).toBeLessThan(250);
  });

  test.each(['depth-snapshot', 'depth-snapshot-realtime'])(
    'a refused %s request under the name of the answer',
    (m) => {
      const info = 'no such symbol';
      expect(decode({ m, id: 'r1', code: 100008, reason: 'SYMBOL_ERROR', info })).toMatchObject({
        type: 'request-error',
        id: 'r1',
        error: { code: 'market-unavailable', venueCode: '100008' },
        info,
      });
    },
  );
});

test.each(['depth-snapshot', 'depth-snapshot-realtime', 'market-trades'])(
  'a %s whose code has no text is a refusal without a code',
  (m) => {
    const message = decode({ m, id: 'r1', code: { toString: null } });
    expect(message).toMatchObject({ type: 'request-error', id: 'r1', error: { code: 'protocol' } });
  },
);

describe('trades', () => {
  test('keep their digits', () => {
    const text = `{"m":"trades","symbol":"ASD/USDT","data":[${JSON.stringify({ ...trade, q: '0.30' }).replace('"seqnum":5', '"seqnum":144115207815068068')}]}`;
    expect(decodeStreamFrame(text)).toEqual({
      type: 'trades',
      symbol: 'ASD/USDT',
      trades: [
        {
          price: '0.0712',
          amount: '0.30',
          seqnum: '144115207815068068',
          venueTimeMs: 1767225600123,
          buyerIsMaker: true,
        },
      ],
      refused: [],
    });
  });

  test.each([
    [{ p: '0' }, 'p'],
    [{ p: '1e2' }, 'p'],
    [{ q: '0' }, 'q'],
    [{ q: 5 }, 'q'],
    [{ ts: null }, 'ts'],
    [{ bm: 'true' }, 'bm'],
    [{ seqnum: undefined }, 'seqnum'],
  ])('a bad one (%j) is refused alone', (change, field) => {
    const message = decode({
      m: 'trades',
      symbol: 'ASD/USDT',
      data: [trade, { ...trade, ...change }, { ...trade, seqnum: 9 }],
    });
    if (message.type !== 'trades') throw new Error(message.type);
    expect(message.trades.map(({ seqnum }) => seqnum)).toEqual(['5', '9']);
    expect(message.refused).toHaveLength(1);
    expect(message.refused[0]).toMatchObject({ code: 'protocol' });
    expect(message.refused[0]?.message).toContain(`trades of ASD/USDT: data[1].${field}: expected`);
  });

  test('an answer to a request has its id', () => {
    expect(decode({ m: 'market-trades', id: 'r2', symbol: 'ASD/USDT', data: [trade] })).toMatchObject({
      type: 'market-trades',
      id: 'r2',
      trades: [{ seqnum: '5' }],
    });
    expect(decode({ m: 'market-trades', id: 'r2', code: 100008 })).toMatchObject({
      type: 'request-error',
      id: 'r2',
    });
  });

  test('a list that is none is refused', () => {
    const { error, ...about } = refusedOf({ m: 'trades', symbol: 'ASD/USDT', data: {} });
    expect(about).toEqual({ type: 'refused', kind: 'trades', symbol: 'ASD/USDT' });
    expect(error.message).toContain('data: expected a list');
  });
});

describe('best prices', () => {
  const bbo = (data: object): object => ({ m: 'bbo', symbol: 'ASD/USDT', data: { ts: 1, ...data } });

  test.each([
    [{ bid: ['1', '2'], ask: ['3', '4'] }, ['1', '2'], ['3', '4']],
    [{ bid: ['1', '2'] }, ['1', '2'], undefined],
    [{ bid: [], ask: null }, undefined, undefined],
    [{ bid: ['', ''], ask: ['3', '0'] }, undefined, ['3', '0']],
  ])('%j', (data, bid, ask) => {
    expect(decode(bbo(data))).toEqual({ type: 'bbo', symbol: 'ASD/USDT', bid, ask, venueTimeMs: 1 });
  });

  test.each([{ bid: ['1'] }, { ask: ['x', '1'] }, { bid: 'x' }, { bid: ['', '1'] }])(
    '%j is refused',
    (data) => {
      const { kind, error } = refusedOf(bbo(data));
      expect(kind).toBe('bbo');
      expect(error.message).toMatch(/bbo of ASD\/USDT: (bid|ask)/);
    },
  );
});

const kinds = [
  ...(['depth', 'depth-realtime', 'depth-snapshot', 'depth-snapshot-realtime'] as const),
  ...(['trades', 'market-trades', 'bbo'] as const),
];

describe.each(kinds)('a %s', (m) => {
  test('with a bad content is refused with its kind and symbol', () => {
    const { error, ...about } = refusedOf({ m, symbol: 'ASD/USDT', data: 5 });
    expect(about).toEqual({ type: 'refused', kind: m, symbol: 'ASD/USDT' });
    expect(error).toMatchObject({ code: 'protocol', venue: 'ascendex', operation: 'decodeStreamFrame' });
    expect(error.message).toContain(`${m} of ASD/USDT: data: expected `);
  });

  test.each([undefined, null, '', 5, ['ASD/USDT']])('with the symbol %j throws', (symbol) => {
    const error = refusalOf(JSON.stringify({ m, symbol, data: 5 }));
    expect(error.message).toMatch(`${m}: symbol: expected text`);
  });
});

describe('everything else', () => {
  test.each([
    [{ m: 'bar', s: 'ASD/USDT', data: {} }, 'bar'],
    [{ m: 'depth-snapshot-top100', symbol: 'ASD/USDT', data: {} }, 'depth-snapshot-top100'],
    [{ m: 'order', data: {} }, 'order'],
    [{ m: '__proto__' }, '__proto__'],
    [{ m: 5 }, undefined],
    [{ op: 'ping' }, undefined],
    [{}, undefined],
  ])('%j is unknown and nothing else', (frame, m) => expect(decode(frame)).toEqual({ type: 'unknown', m }));

  test('a long name is cut', () => {
    const message = decode({ m: 'x'.repeat(1_000) });
    expect(message).toMatchObject({ type: 'unknown' });
    expect(message.type === 'unknown' && message.m?.length).toBe(80);
  });

  test.each(['', 'pong', 'null', '[]', '5', '"text"', '{"m":', '<html>'])('%j is refused', (text) => {
    expect(refusalOf(text)).toMatchObject({ code: 'protocol', venue: 'ascendex' });
  });
});

test('any frame gives a message or a VenueError, and a message has only what is known', () => {
  const word = fc.constantFrom(
    'connected',
    'disconnected',
    'ping',
    'pong',
    'sub',
    'unsub',
    'error',
    'auth',
    ...kinds,
    'x',
  );
  const scrap = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('ASD/USDT', '1.5', '0', 'depth:A/B', 0, 100008, [['1', '2']], [trade]),
  );
  const data = fc.oneof(
    scrap,
    fc.record(
      { ts: scrap, seqnum: scrap, asks: scrap, bids: scrap, bid: scrap, ask: scrap },
      { requiredKeys: [] },
    ),
  );
  const frame = fc.record(
    {
      m: word,
      symbol: scrap,
      data,
      id: scrap,
      ch: scrap,
      code: scrap,
      reason: scrap,
      info: scrap,
      hp: scrap,
      ts: scrap,
    },
    { requiredKeys: ['m'] },
  );
  const plain = /^\d+(\.\d+)?$/;
  fc.assert(
    fc.property(frame, (value) => {
      const text = JSON.stringify(value);
      let message: StreamMessage;
      try {
        message = decodeStreamFrame(text);
      } catch (error) {
        expect(isVenueError(error) && error.code).toBe('protocol');
        expect((error as Error).message.length).toBeLessThan(500);
        return;
      }
      if (message.type === 'refused') {
        expect(message).toMatchObject({ kind: value.m, error: { code: 'protocol' } });
        expect(message.symbol).not.toBe('');
        expect(message.error.message.length).toBeLessThan(500);
      }
      if ('seqnum' in message) {
        for (const level of [...message.bids, ...message.asks])
          for (const part of level) expect(part).toMatch(plain);
        expect(message.symbol).not.toBe('');
      }
    }),
    { numRuns: 5_000 },
  );
});
