import { expect, test } from 'vitest';
import { allCards, allMirrors, type CardResult, runCards } from '../../src/index.ts';
import { brokenConnectors } from './broken-connectors.ts';
import { answeringConnectors } from './overclaiming-connectors.ts';
import { capabilities, createReferenceSpot } from './reference-connector.ts';
import { changedTarget, distantTarget, modestTarget, referenceTarget } from './reference-target.ts';

const outcomes = (results: readonly CardResult[], outcome: CardResult['outcome']) =>
  results.filter((result) => result.outcome === outcome).map(({ id, reason }) => `${id}: ${reason}`);
const failedIds = (results: readonly CardResult[]) =>
  results.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
/** Cards about the same thing: `VK-BOOK`. */
const groupOf = (id: string) => id.slice(0, id.lastIndexOf('-'));

test('a connector that keeps the contract passes every card, and none is left out', async () => {
  const results = await runCards(referenceTarget);
  expect(outcomes(results, 'failed')).toEqual([]);
  expect(outcomes(results, 'not-claimed')).toEqual([]);
  expect(outcomes(results, 'not-proven')).toEqual([]);
  expect(results.map(({ id }) => id)).toEqual(expect.arrayContaining(allCards.map(({ id }) => id)));
});

test('a venue that is far away, names trades as it likes and checks orders alone passes every card that it claims', async () => {
  const results = await runCards(distantTarget);
  expect(outcomes(results, 'failed')).toEqual([]);
  expect(outcomes(results, 'not-claimed')).toEqual(['VK-BOOK-110: marketData.bookIntegrity.sequence']);
});

test('a connector that claims little passes what it claims, and refuses the rest', async () => {
  const results = await runCards(modestTarget);
  expect(outcomes(results, 'failed')).toEqual([]);
  const refused = results.filter(({ id, outcome }) => id.startsWith('VK-NOT-') && outcome === 'passed');
  expect(refused.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['VK-NOT-marketData.streams.book', 'VK-NOT-marketData.fetches.trades']),
  );
});

test('every card has a connector that it finds out', () => {
  const proven = new Set(brokenConnectors.map(({ card }) => card));
  expect(allCards.map(({ id }) => id).filter((id) => !proven.has(id))).toEqual([]);
});

test.each(brokenConnectors)('$card finds out a connector that $about', async (broken) => {
  const cards = allCards.filter(({ id }) => groupOf(id) === groupOf(broken.card));
  const results = await runCards(changedTarget(broken.break), { cards, mirrors: [] });
  const found = failedIds(results).filter((id) => id !== 'VK-CLAIM-010');
  expect(found.sort()).toEqual([broken.card, ...(broken.also ?? [])].sort());
});

test('everything that can be left unclaimed has a connector that answers all the same', () => {
  const proven = new Set(answeringConnectors.map(({ need }) => need));
  expect([...proven].sort()).toEqual(allMirrors.map(({ need }) => need).sort());
});

test.each(answeringConnectors)(
  'a connector that answers without claiming $need is found out',
  async ({ need, target }) => {
    const mirrors = allMirrors.filter((mirror) => mirror.need === need);
    const results = await runCards(target, { cards: [], mirrors });
    const found = results.find(({ id }) => id === `VK-NOT-${need}`);
    expect(found?.outcome).toBe('failed');
    expect(found?.reason).toMatch(/got a result|feed of \w+ to have ended|nothing to be sent/);
  },
);

test('a claim that no card looks at is found out, and nothing else', async () => {
  const claims = {
    ...capabilities,
    trading: { ...capabilities.trading, orderTypes: ['limit_maker', 'limit'] as const },
  };
  const create: typeof referenceTarget.create = (runtime) =>
    createReferenceSpot(runtime, { checks: 'local', capabilities: claims });
  const results = await runCards({ ...referenceTarget, capabilities: claims, create });
  expect(failedIds(results)).toEqual(['VK-CLAIM-010']);
  expect(outcomes(results, 'failed')[0]).toContain('trading.orderTypes.limit');
});
