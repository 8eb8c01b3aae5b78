import { planVocabulary } from './plan.ts';

/** What happens so often in a seed that a few dozen seeds show it. */
const often: Readonly<Record<string, number>> = {
  'live book compared': 500,
  'trade told': 100,
  'ticker told': 200,
  'gap in book': 1,
  'gap in trades': 1,
  'connection lost': 1,
  'book resyncing': 1,
  'book live in the end': 2,
  'topic confirmed in the end': 3,
  'closed without a trace': 1,
  'process crashed': 1 / 3,
  'audit: equal': 1 / 2,
  'listener threw': 1,
  'silence beyond the keep-alive': 1 / 15,
  'fetched book compared': 1 / 3,
  'budget of stream requests used up': 1 / 10,
  'budget of snapshot requests used up': 1 / 20,
};

/** Each action by itself. */
const everyAction = 1 / 10;
/** Each call that has an answer. */
const everyAnswer = 1 / 30;
/** Each fault by itself: ten in a thousand seeds. */
const everyFault = 1 / 100;
/** Calls whose signal was aborted meanwhile. */
const everyAbort = 1 / 100;

const calls = ['audit', 'when-live', 'fetch-book', 'fetch-trades', 'fetch-tickers', 'fetch-clock'];
const ofVenue = 'venue-';
const linkFaults = planVocabulary.faults.filter((name) => !name.startsWith(ofVenue));
const venueFaults = planVocabulary.faults
  .filter((name) => name.startsWith(ofVenue))
  .map((name) => name.slice(ofVenue.length));

/**
 * How often something has to happen in a seed. A sum over many kinds says nothing of one that never happens, so each kind of
 * action and fault is here by itself; and what was planned counts for nothing where it struck nothing.
 */
export const least: Readonly<Record<string, number>> = {
  ...often,
  ...each(planVocabulary.actions, (name) => countName('action', name), everyAction),
  ...each(planVocabulary.faults, (name) => countName('fault', name), everyFault),
  ...each(venueFaults, (name) => countName('struck', name), everyFault),
  ...each(linkFaults, (name) => countName('link struck', name), everyFault),
  ...each(calls, (name) => `${name}: answered`, everyAnswer),
  ...each(['audit', 'when-live', 'open'], (name) => `${name}: aborted`, everyAbort),
};

/** The name under which a kind is counted; no such name is the beginning of another one. */
export function countName(what: 'action' | 'fault' | 'struck' | 'link struck', kind: string): string {
  return `${what} "${kind}"`;
}

function each(
  names: readonly string[],
  nameOf: (name: string) => string,
  perSeed: number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((name) => [nameOf(name), perSeed]));
}
