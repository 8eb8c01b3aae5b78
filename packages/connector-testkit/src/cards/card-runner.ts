import assert from 'node:assert/strict';
import type { Capabilities } from '@venuekit/connector-core';
import { allCards, allMirrors } from './all-cards.ts';
import type { Card, MirrorCard } from './card.ts';
import { type CardContext, createCardContext } from './card-context.ts';
import { withinRealTime } from './card-deadline.ts';
import { claimsOf, isClaimed, type Need } from './need.ts';
import type { Target, TargetVenue } from './target.ts';

/** What became of one card. `not-claimed` and `not-proven` are no failures; they are printed by name. */
export interface CardResult {
  readonly id: string;
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'not-claimed' | 'not-proven';
  /** Why it failed, or what is missing for it; `undefined` for one that passed. */
  readonly reason: string | undefined;
  /** What was thrown by a card that failed. */
  readonly error: unknown;
}

/** A card as it applies to one target: to be run, or not, and why. */
export interface PlannedCard {
  readonly id: string;
  readonly title: string;
  /** Why it is not run; `undefined` if it is. */
  readonly skipped: { readonly outcome: 'not-claimed' | 'not-proven'; readonly reason: string } | undefined;
  /** Runs it; rejects if it does not hold. */
  run(): Promise<void>;
}

/** Which cards apply to a target, and the mirrors of what it does not claim. */
export function planCards<Venue extends TargetVenue>(
  target: Target<Venue>,
  cards: readonly Card[] = allCards,
  mirrors: readonly MirrorCard[] = allMirrors,
): readonly PlannedCard[] {
  const { capabilities } = target;
  const planned = cards.map((card) => planCard(target, card));
  const refused = mirrors.filter(
    ({ need, beside = [] }) =>
      !isClaimed(capabilities, need) &&
      [need.split('.')[0] as Need, ...beside].every((other) => isClaimed(capabilities, other)),
  );
  return [
    ...planned,
    ...refused.map((mirror) => planMirror(target, mirror)),
    planClaims(capabilities, planned, cards),
  ];
}

/** Runs every card that applies to a target, one after the other. */
export async function runCards<Venue extends TargetVenue>(
  target: Target<Venue>,
  options: {
    readonly cards?: readonly Card[];
    readonly mirrors?: readonly MirrorCard[];
    readonly onResult?: (result: CardResult) => void;
  } = {},
): Promise<readonly CardResult[]> {
  const results: CardResult[] = [];
  for (const card of planCards(target, options.cards, options.mirrors)) {
    const result = await runPlanned(card);
    results.push(result);
    options.onResult?.(result);
  }
  return results;
}

/** What a test framework must offer: `test` of vitest and of `node:test` both do. */
export interface TestFunction {
  (name: string, run: () => Promise<void>): unknown;
  /** Names a test that is not run. */
  readonly skip: (name: string, run: () => Promise<void>) => unknown;
}

/** Hands every card to a test framework, one test each. Those that are not run are skipped by name. */
export function describeTarget<Venue extends TargetVenue>(target: Target<Venue>, test: TestFunction): void {
  for (const { id, title, skipped, run } of planCards(target)) {
    if (skipped === undefined) test(`${target.name} ${id}: ${title}`, run);
    else test.skip(`${target.name} ${id}: ${title} (${skipped.outcome}: ${skipped.reason})`, run);
  }
}

async function runPlanned({ id, title, skipped, run }: PlannedCard): Promise<CardResult> {
  if (skipped !== undefined) return { id, title, ...skipped, error: undefined };
  try {
    await run();
    return { id, title, outcome: 'passed', reason: undefined, error: undefined };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { id, title, outcome: 'failed', reason, error };
  }
}

function planCard<Venue extends TargetVenue>(target: Target<Venue>, card: Card): PlannedCard {
  const { id, title } = card;
  return {
    id,
    title,
    skipped: skipReason(target, card),
    run: () => inContext(target, id, (it) => card.run(it)),
  };
}

function skipReason<Venue extends TargetVenue>(
  { capabilities, controls = [] }: Target<Venue>,
  card: Card,
): PlannedCard['skipped'] {
  const unclaimed = card.needs.filter((need) => !isClaimed(capabilities, need));
  if (unclaimed.length > 0) return { outcome: 'not-claimed', reason: unclaimed.join(', ') };
  const missing = (card.controls ?? []).filter((control) => !controls.includes(control));
  if (missing.length > 0) return { outcome: 'not-proven', reason: `the target cannot ${missing.join(', ')}` };
  return undefined;
}

function planMirror<Venue extends TargetVenue>(
  target: Target<Venue>,
  { need, call }: MirrorCard,
): PlannedCard {
  const id = `VK-NOT-${need}`;
  return {
    ...{ id, title: 'what is not claimed is refused with code unsupported', skipped: undefined },
    run: () =>
      inContext(target, id, async (context) => {
        await context.connect();
        await context.refused('unsupported', call(context));
      }),
  };
}

/** A claim that no card looks at is a claim without proof, and fails. */
function planClaims(
  capabilities: Capabilities,
  planned: readonly PlannedCard[],
  cards: readonly Card[],
): PlannedCard {
  const proven = new Set(cards.flatMap(({ needs }, at) => (planned[at]?.skipped === undefined ? needs : [])));
  const unproven = claimsOf(capabilities).filter((claim) => !proven.has(claim));
  return {
    ...{ id: 'VK-CLAIM-010', title: 'every claim has a card that is run', skipped: undefined },
    run: async () => {
      assert.deepEqual(unproven, [], 'expected a card for every claim');
    },
  };
}

async function inContext<Venue extends TargetVenue>(
  target: Target<Venue>,
  id: string,
  run: (context: CardContext) => Promise<void>,
): Promise<void> {
  const context = createCardContext(target, `card ${id}`);
  try {
    await withinRealTime(run(context), target.cardTimeoutMs);
    for (const { label, error } of context.world.failures) {
      assert.fail(`expected nothing to be thrown outside a call, got ${String(error)} in ${label}`);
    }
  } finally {
    context.venue.close?.();
    context.world.close();
  }
}
