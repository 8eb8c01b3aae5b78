import assert from 'node:assert/strict';
import type { Balance } from '@venuekit/connector-core';
import type { Card } from './card.ts';
import { begin } from './order-terms.ts';

/** What an account has. */
export const balanceCards: readonly Card[] = [
  {
    id: 'VK-BAL-010',
    group: 'balances',
    title: 'balances begin with every asset, by name, and no more is available than there is',
    needs: ['trading'],
    run: async (context) => {
      await begin(context);
      const { balances } = context.trading;
      const told: Balance[] = [];
      balances.subscribe(({ balance }) => told.push(balance));
      const known = [...balances];
      assert.deepEqual(assetsOf(told), assetsOf(known), 'expected every balance at once');
      assert.deepEqual(
        assetsOf(known),
        [...new Set(assetsOf(known))].sort(),
        'expected each asset once, by name',
      );
      assert.equal(balances.size, known.length);
      for (const { asset, total, available } of known) {
        const found = balances.get(asset);
        assert.ok(
          found?.total.equals(total) && found.available.equals(available),
          `expected to find ${asset} again`,
        );
        assert.ok(
          available.sign() >= 0 && !available.greaterThan(total),
          `expected ${asset} from 0 to ${total}, got ${available}`,
        );
      }
    },
  },
];

function assetsOf(balances: readonly Balance[]): readonly string[] {
  return balances.map(({ asset }) => asset);
}
