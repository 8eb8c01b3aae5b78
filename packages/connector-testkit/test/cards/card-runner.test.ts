import { expect, test } from 'vitest';
import { sampleClientOrderId } from '../../src/cards/client-order-id.ts';
import {
  allCards,
  type Card,
  type CardContext,
  type CardResult,
  describeTarget,
  runCards,
} from '../../src/index.ts';
import { capabilities } from './reference-connector.ts';
import { modestTarget, referenceTarget } from './reference-target.ts';

const card = (run: Card['run'], more: Partial<Card> = {}): Card => ({
  ...{ id: 'VK-TRY-010', group: 'lifecycle', title: 'a card of this test', needs: [], run },
  ...more,
});

async function outcomeOf(
  run: (context: CardContext) => Promise<void>,
  more: Partial<typeof referenceTarget> = {},
): Promise<Pick<CardResult, 'outcome' | 'reason'>> {
  const results = await runCards({ ...referenceTarget, ...more }, { cards: [card(run)], mirrors: [] });
  return results[0] as CardResult;
}

test('a card that holds has passed, one that throws has failed with its reason', async () => {
  expect(await outcomeOf(async () => {})).toMatchObject({ outcome: 'passed', reason: undefined });
  const failed = await outcomeOf(async () => {
    throw new Error('it does not hold');
  });
  expect(failed).toMatchObject({ outcome: 'failed', reason: 'it does not hold' });
});

test('a card that is not for this connector, or needs a hand that is missing, is not run and says why', async () => {
  const run = () => Promise.reject(new Error('was run'));
  const cards = [
    card(run, { needs: ['marketData.streams.book'] }),
    card(run, { id: 'VK-TRY-020', controls: ['cut', 'trade'] }),
  ];
  const results = await runCards({ ...modestTarget, controls: ['trade'] }, { cards, mirrors: [] });
  expect(results.slice(0, 2)).toMatchObject([
    { outcome: 'not-claimed', reason: 'marketData.streams.book' },
    { outcome: 'not-proven', reason: 'the target cannot cut' },
  ]);
});

test('a card that is not run proves no claim', async () => {
  const cards = [card(async () => {}, { needs: ['marketData.streams.trades'], controls: ['cut'] })];
  const unproven = async (controls: readonly 'cut'[]) => {
    const results = await runCards({ ...referenceTarget, controls }, { cards, mirrors: [] });
    return results.find(({ id }) => id === 'VK-CLAIM-010')?.reason;
  };
  expect(await unproven([])).toContain('marketData.streams.trades');
  const proven = await unproven(['cut']);
  expect(proven).toContain('marketData.streams.book');
  expect(proven).not.toContain('marketData.streams.trades');
});

test('what is thrown inside a timer of the connector or of its venue fails the card', async () => {
  const failed = await outcomeOf(async ({ world, pass }) => {
    world.timers.setTimer(
      5,
      () => {
        throw new Error('nobody waits for this');
      },
      'lonely',
    );
    await pass(10);
  });
  expect(failed.outcome).toBe('failed');
  expect(failed.reason).toContain('nobody waits for this');
  expect(failed.reason).toContain('lonely');
});

test('a target that cannot be made fails its cards one by one', async () => {
  const create = () => {
    throw new Error('no such option');
  };
  expect(await outcomeOf(async () => {}, { create })).toMatchObject({ reason: 'no such option' });
});

test.each([
  ['waits for what never comes', () => new Promise<void>(() => {})],
  [
    'never lets time go on',
    async ({ world, pass }: CardContext) => {
      const again = () => void world.timers.setTimer(0, again, 'again');
      again();
      await pass(1);
    },
  ],
])('a card that %s fails in bounded real time', async (_how, run) => {
  const failed = await outcomeOf(run, { cardTimeoutMs: 50 });
  expect(failed.outcome).toBe('failed');
  expect(failed.reason).toContain('within 50 ms of real time');
});

test('what does not come in virtual time fails at once in real time', async () => {
  const failed = await outcomeOf((context) => context.settled(new Promise<void>(() => {})));
  expect(failed.reason).toContain('within 120000 virtual ms');
});

test('cards give the same results in any order', async () => {
  const cut = { ...referenceTarget, controls: ['cut'] } as const;
  const short = ({ id, outcome }: CardResult) => `${id} ${outcome}`;
  const inOrder = await runCards(cut);
  const shuffled = await runCards(cut, { cards: shuffle(allCards, 20_261) });
  expect(shuffled.map(({ id }) => id)).not.toEqual(inOrder.map(({ id }) => id));
  expect(shuffled.map(short).sort()).toEqual(inOrder.map(short).sort());
});

test('identifiers are unique and leave room, and titles are sentences', () => {
  const ids = allCards.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, title } of allCards) {
    expect(id).toMatch(/^VK-[A-Z]+-\d{2}0$/);
    expect(title).toMatch(/^[a-z].+ .+ .+[^.]$/);
  }
  const titles = allCards.map(({ id, title }) => `${id.slice(0, -4)} ${title}`);
  expect(new Set(titles).size, 'titles of one group differ').toBe(titles.length);
});

test('each card becomes one test, named by target, identifier and sentence; what is not run is skipped by name', async () => {
  const run = new Map<string, () => Promise<void>>();
  const skipped: string[] = [];
  const test = Object.assign((name: string, body: () => Promise<void>) => run.set(name, body), {
    skip: (name: string) => skipped.push(name),
  });
  describeTarget({ ...modestTarget, controls: [] }, test);
  const name = 'modest VK-LIFE-080: after close, connect is refused with code closed';
  await expect(run.get(name)?.()).resolves.toBeUndefined();
  expect(skipped).toContain(
    'modest VK-TICK-010: best prices come, positive and not crossed (not-claimed: marketData.streams.ticker)',
  );
  expect(run.size + skipped.length).toBeGreaterThan(allCards.length);
});

test.each([
  ['[A-Za-z0-9]+', 1, 40],
  ['[0-9]{18}', 18, 18],
  ['[A-F0-9]{8,20}', 8, 20],
  ['[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}', 36, 36],
  ['[a-z][a-z0-9-]*', 3, 200],
])('an own identifier is found for the pattern %s', (pattern, minLength, maxLength) => {
  const clientOrderId = { pattern, minLength, maxLength };
  const id = sampleClientOrderId({ trading: { ...capabilities.trading, clientOrderId } });
  expect(id).toMatch(new RegExp(`^(?:${pattern})$`));
  expect(id.length).toBeGreaterThanOrEqual(minLength);
});

test('where no identifier is found, the target is asked for one', () => {
  const clientOrderId = { pattern: '§§§', minLength: 3, maxLength: 3 };
  const trading = { ...capabilities.trading, clientOrderId };
  expect(() => sampleClientOrderId({ trading })).toThrow('clientOrderId of the target');
});

/** The same for the same seed. */
function shuffle<T>(list: readonly T[], seed: number): readonly T[] {
  const result = [...list];
  let state = seed;
  for (let at = result.length - 1; at > 0; at -= 1) {
    state = (state * 48_271) % 2_147_483_647;
    const other = state % (at + 1);
    [result[at], result[other]] = [result[other] as T, result[at] as T];
  }
  return result;
}
