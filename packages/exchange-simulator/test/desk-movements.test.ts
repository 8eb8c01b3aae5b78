import { expect, test } from 'vitest';
import type { Movement } from '../src/desk/desk-types.ts';
import { toText } from '../src/engine/money.ts';
import { createAscendexStage } from './ascendex-stage.ts';
import { deskCase } from './desk-case.ts';

function linesOf({ lines }: Movement): readonly string[] {
  return lines.map(
    ({ asset, what, change, total }) => `${what} ${toText(change)} ${asset}: ${toText(total)}`,
  );
}

/** What two trades of a pair did: the customer sells two, and buys one back. */
async function movementsOf(symbol: string, price: string): Promise<readonly (readonly string[])[]> {
  const stage = await createAscendexStage();
  stage.rest('buy', '2', price, symbol);
  await stage.place({ symbol, side: 'sell', orderQty: '2', orderPrice: price });
  stage.rest('sell', '1', price, symbol);
  await stage.place({ id: 'k7Qm2Zt9Y', symbol, orderQty: '1', orderPrice: price });
  return stage.desk.movements(stage.cash).slice(-2).map(linesOf);
}

test('a fee is paid in base, whatever was got', async () => {
  expect(await movementsOf('ETH/BTC', '0.1')).toEqual([
    ['trade -2 ETH: 8', 'trade 0.2 BTC: 1.2', 'fee -0.002 ETH: 7.998'],
    ['trade 1 ETH: 8.998', 'trade -0.1 BTC: 1.1', 'fee -0.001 ETH: 8.997'],
  ]);
});

test('a fee is paid in what was got', async () => {
  expect(await movementsOf('SOL/USDT', '100')).toEqual([
    ['trade -2 SOL: 48', 'trade 200 USDT: 1200', 'fee -0.2 USDT: 1199.8'],
    ['trade 1 SOL: 49', 'trade -100 USDT: 1099.8', 'fee -0.001 SOL: 48.999'],
  ]);
});

test('the newest ten thousand movements are remembered, however many there were', () => {
  const { desk } = deskCase();
  for (let count = 1; count <= 12_000; count += 1) {
    desk.deposit('ann', 'ASD', 1n);
    if (count % 500 !== 0 || count < 10_000) continue;
    const numbers = desk.movements('ann').map(({ sequence }) => sequence);
    expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([
      10_000,
      desk.sequence - 9_999,
      desk.sequence,
    ]);
  }
});
