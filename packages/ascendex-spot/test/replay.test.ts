import { realSession, sessions } from '@venuekit/tooling-vitest/recordings';
import { describe, expect, test } from 'vitest';
import { finish, loadSession, runReplay, tops, total, trueTops } from './replayed-session.ts';

for (const session of sessions) {
  describe.skipIf(!session.present)(session.name, () => {
    test.each(['max', 200, 20] as const)(
      'at speed %s every book is the session’s at every message',
      async (speed) => {
        const loaded = await loadSession(session);
        const { truth } = loaded;
        const run = await runReplay(loaded, { speed });
        expect(new Set((await finish(run)).values())).toEqual(new Set(['equal']));
        expect(tops(run.markets)).toEqual(trueTops(truth));
        const changes = [...truth.markets.values()];
        expect(total(run.markets, 'applied')).toBe(changes.reduce((sum, { after }) => sum + after.length, 0));
        expect(total(run.markets, 'dropped')).toBe(
          changes.reduce((sum, { before }) => sum + before.length, 0),
        );
        expect(total(run.markets, 'gaps')).toBe(0);
        expect(total(run.markets, 'resyncs')).toBe(0);
        const trades = run.trades.flatMap((event) => (event.kind === 'trade' ? [event] : []));
        const told = trades.map(({ pair, tradeId, price, amount, side }) => {
          return { pair, tradeId, price: `${price}`, amount: `${amount}`, side };
        });
        expect(told).toEqual(truth.trades);
        await run.close();
      },
    );
  });
}

test.skipIf(!realSession.present)(
  'the real session ends with the figures that were worked out beforehand',
  async () => {
    const run = await runReplay(await loadSession(realSession));
    await finish(run);
    expect(tops(run.markets)).toEqual({
      'CHZ-USDT': '0.626579 0.636898',
      'NEO-USDT': '94.533 94.875',
      'SRM-BTC': '0.00011224 0.000112528',
      'XDAI-USDT': '1.0004 1.0067',
      'EGLD-USDT': '209.1829 216.8294',
      'CHR-USDT': '0.37128 0.37328',
      'ZIG-USDT': '0.097014 0.097499',
      'ROOM-USDT': '1.9195 1.9199',
      'ALTBULL-USDT': '1403.8 1442.7',
      'DIVI-USDT': '0.05867 0.05912',
    });
    expect(total(run.markets, 'applied')).toBe(269);
    expect(total(run.markets, 'dropped')).toBe(8);
    expect(run.trades.flatMap((event) => (event.kind === 'trade' ? [event.tradeId] : []))).toEqual([
      '27772246859',
      '27772246861',
      '36028838561668184',
      '144115207815068068',
    ]);
    await run.close();
  },
);
