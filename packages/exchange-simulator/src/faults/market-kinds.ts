import type { FaultEntry, FaultPart, MarketFaultKind } from './fault-types.ts';

const topic: readonly FaultPart[] = ['durationSeconds', 'symbol', 'channel'];

/** What can go wrong with the market and its books. Durations are by the market's clock, unless it says otherwise. */
export const marketKinds: Readonly<Record<MarketFaultKind, FaultEntry>> = {
  drop: {
    ...entry([], 'at-once'),
    what: 'every connection is cut without a closing handshake',
  },
  gap: {
    ...entry(['symbol'], 'while', true),
    what: 'of every symbol, one depth message is left out',
  },
  duplicate: {
    ...entry(['symbol'], 'while', true),
    what: 'of every symbol, one depth message is sent twice',
  },
  reorder: {
    ...entry(['symbol'], 'while', true),
    what: 'of every symbol, one depth message changes places with the next one',
  },
  malformed: {
    ...entry(['symbol'], 'while', true),
    what: 'of every symbol, one depth message is cut in half and is no longer JSON',
  },
  epoch: {
    ...entry(['symbol'], 'at-once', true),
    what: 'the feed restarts: books go on with numbers that are lower by 2 to 50 or by 1,000 to 1,001,000, as chance decides',
  },
  mute: {
    ...entry(topic, 'while'),
    what: 'nothing is published on the channel; books, REST and pongs are given, and the sequence goes on',
  },
  silence: {
    ...entry(['durationSeconds'], 'while'),
    what: 'nothing is sent on any stream, not even pongs; what falls into it is lost; connections stay open and REST answers',
  },
  'lost-confirmation': {
    ...entry(topic, 'while', true),
    what: 'subscriptions are taken and not confirmed',
  },
  'ignored-subscription': {
    ...entry(topic, 'while', true),
    what: 'subscriptions are not taken, and nobody is told',
  },
  'refused-subscription': {
    ...entry(topic, 'while', true),
    what: 'subscriptions are refused',
  },
  'slow-snapshot': {
    ...entry(['durationSeconds', 'symbol'], 'while'),
    what: 'from then on, books are given late on streams; the duration says how late, in real time, 2 if left out',
  },
  'lost-snapshot': {
    ...entry(['durationSeconds', 'symbol'], 'while', true),
    what: 'books that were asked for on a stream never come',
  },
  'old-snapshot': {
    ...entry(['durationSeconds', 'symbol'], 'while', true),
    what: 'books on a stream are given as they were when it began, older and older; REST gives the present ones',
  },
  refuse: {
    ...entry(['durationSeconds'], 'while'),
    what: 'upgrades are answered with HTTP 503; the duration is real time',
  },
};

function entry(
  parts: readonly FaultPart[],
  lasts: FaultEntry['lasts'],
  countsEach = false,
): Omit<FaultEntry, 'what'> {
  return { place: 'market', parts, lasts, countsEach };
}
