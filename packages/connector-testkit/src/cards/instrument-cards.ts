import assert from 'node:assert/strict';
import type { Card } from './card.ts';
import type { CardContext } from './card-context.ts';

/** The list of markets. */
export const instrumentCards: readonly Card[] = [
  card('010', 'pairs are unique, read BASE-QUOTE, and are found again', async (context) => {
    await context.connect();
    const { instruments } = context.marketData;
    const pairs = [...instruments].map(({ pair }) => pair);
    assert.ok(
      pairs.includes(context.pair),
      `expected ${context.pair} in the list, got ${pairs.length} others`,
    );
    assert.equal(new Set(pairs).size, pairs.length, 'expected each pair once');
    assert.equal(instruments.size, pairs.length);
    for (const instrument of instruments) {
      assert.equal(instrument.pair, `${instrument.base}-${instrument.quote}`);
      assert.equal(instruments.require(instrument.pair).pair, instrument.pair);
      assert.equal(instruments.get(instrument.pair)?.pair, instrument.pair);
    }
  }),
  card('020', 'every rule of every market is a number that orders can obey', async (context) => {
    await context.connect();
    for (const instrument of context.marketData.instruments) {
      const { pair, tickSize, lotSize, minAmount, maxAmount, minNotional, maxNotional } = instrument;
      for (const [name, value] of Object.entries({ tickSize, lotSize, maxAmount, maxNotional })) {
        // A market may have no upper limit.
        assert.notEqual(value?.sign(), 0, `expected ${name} of ${pair} above zero, got ${value}`);
        assert.notEqual(value?.sign(), -1, `expected ${name} of ${pair} above zero, got ${value}`);
      }
      for (const [name, value] of Object.entries({ minAmount, minNotional })) {
        assert.notEqual(value.sign(), -1, `expected ${name} of ${pair} not below zero, got ${value}`);
      }
      assert.ok(
        maxAmount === undefined || !minAmount.greaterThan(maxAmount),
        `expected amounts of ${pair} from ${minAmount} to ${maxAmount}`,
      );
      assert.ok(
        maxNotional === undefined || !minNotional.greaterThan(maxNotional),
        `expected notionals of ${pair} from ${minNotional} to ${maxNotional}`,
      );
      assert.notEqual(instrument.feeReserveRate.sign(), -1, `expected no negative reserve of ${pair}`);
    }
  }),
  card(
    '030',
    'an unknown pair is refused with code market-unavailable, also one that looks like an object',
    async (context) => {
      await context.connect();
      const { instruments } = context.marketData;
      const listed = new Set([...instruments].map(({ pair }) => pair));
      for (const pair of ['NO-SUCH', '', '__proto__', 'constructor', context.pair.toLowerCase()]) {
        // A venue may write its pairs in small letters.
        if (listed.has(pair)) continue;
        assert.equal(instruments.get(pair), undefined);
        await context.refusedCall('market-unavailable', () => instruments.require(pair));
      }
    },
  ),
  card('040', 'before connect no pair is known, with code not-connected', async (context) => {
    await context.refusedCall('not-connected', () => context.marketData.instruments.require(context.pair));
  }),
];

function card(number: string, title: string, run: (context: CardContext) => Promise<void>): Card {
  return { id: `VK-INST-${number}`, group: 'instruments', title, needs: ['marketData'], run };
}
