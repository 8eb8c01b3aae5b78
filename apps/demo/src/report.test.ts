import { decimal, type Trade } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { exampleRow, exampleView } from '../test/example-rows.ts';
import { toReport } from './report.ts';

const trade: Trade = {
  pair: 'NEO-USDT',
  tradeId: '36028838561668184',
  price: decimal('94.595'),
  amount: decimal('1.04'),
  side: 'sell',
  venueTimeMs: 1_618_677_625_691,
  receivedAtMs: 1,
};

test('every number that could lose digits is text, and what is not there is null', () => {
  const rows = [
    exampleRow('NEO-USDT', '94.533', '94.875'),
    exampleRow('A-B', '1', '2', { bid: undefined, ask: undefined, state: 'refused', applied: 0, dropped: 0 }),
  ];
  const verdict = { ok: true, lines: [] };
  const report = toReport({ view: exampleView(rows), verdict, trades: [trade], tradesOmitted: 0 });
  expect(JSON.parse(JSON.stringify(report))).toEqual({
    ok: true,
    pairs: {
      'NEO-USDT': {
        bid: '94.533',
        ask: '94.875',
        state: 'live',
        applied: 123,
        dropped: 1,
        gaps: 0,
        resyncs: 0,
      },
      'A-B': { bid: null, ask: null, state: 'refused', applied: 0, dropped: 0, gaps: 0, resyncs: 0 },
    },
    trades: [
      {
        pair: 'NEO-USDT',
        price: '94.595',
        amount: '1.04',
        side: 'sell',
        seqnum: '36028838561668184',
        venueTimeMs: 1_618_677_625_691,
      },
    ],
  });
});

test('a cut list of trades says how many are missing', () => {
  const verdict = { ok: false, lines: [] };
  const unknownTime = { ...trade, venueTimeMs: undefined };
  const report = toReport({ view: exampleView([]), verdict, trades: [unknownTime], tradesOmitted: 7 });
  expect(report.tradesOmitted).toBe(7);
  expect(report.trades[0]?.venueTimeMs).toBeNull();
});
