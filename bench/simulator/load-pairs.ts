import { type PairProfile, selectPairs } from '../../packages/exchange-simulator/src/index.ts';

const defaults = 60;

/** The pairs of the default world, again and again under other names; all are as busy as is asked for, in bouts of orders a second. */
export function loadPairs(count: number, activity: number): readonly PairProfile[] {
  return Array.from({ length: Math.ceil(count / defaults) }, (_, copy) =>
    selectPairs(defaults).map((profile) => renamed({ ...profile, activity }, copy === 0 ? '' : `${copy}`)),
  )
    .flat()
    .slice(0, count);
}

function renamed(profile: PairProfile, suffix: string): PairProfile {
  const { rules } = profile;
  const base = `${rules.base}${suffix}`;
  const symbol = `${base}/${rules.quote}`;
  return { ...profile, symbol, rules: { ...rules, symbol, base } };
}
