import type { FaultEntry, FaultPart, MarketFaultKind } from './fault-types.ts';

const topic: readonly FaultPart[] = ['durationSeconds', 'symbol', 'channel'];

/** What can go wrong with the market and its books. Durations are by the market's clock, unless it says otherwise. */
export const marketKinds: Readonly<Record<MarketFaultKind, FaultEntry>> = {
  drop: {
    ...entry([], 'at-once', ['F5', 'F11']),
    what: 'every connection is cut without a closing handshake',
  },
  gap: {
    ...entry(['symbol'], 'while', ['F18', 'F19'], true),
    what: 'of every symbol, one depth message is left out',
  },
  duplicate: {
    ...entry(['symbol'], 'while', ['F15', 'F18'], true),
    what: 'of every symbol, one depth message is sent twice',
  },
  reorder: {
    ...entry(['symbol'], 'while', ['F15', 'F18'], true),
    what: 'of every symbol, one depth message changes places with the next one',
  },
  malformed: {
    ...entry(['symbol'], 'while', ['F12'], true),
    what: 'of every symbol, one depth message is cut in half and is no longer JSON',
  },
  epoch: {
    ...entry(['symbol'], 'at-once', ['F18'], true),
    what: 'the feed restarts: books go on with numbers that are lower by 2 to 50 or by 1,000 to 1,001,000, as chance decides',
  },
  mute: {
    ...entry(topic, 'while', ['F7']),
    what: 'nothing is published on the channel; books, REST and pongs are given, and the sequence goes on',
  },
  silence: {
    ...entry(['durationSeconds'], 'while', ['F4', 'F7']),
    what: 'nothing is sent on any stream, not even pongs; what falls into it is lost; connections stay open and REST answers',
  },
  'lost-confirmation': {
    ...entry(topic, 'while', ['F14'], true),
    what: 'subscriptions are taken and not confirmed',
  },
  'ignored-subscription': {
    ...entry(topic, 'while', ['F14'], true),
    what: 'subscriptions are not taken, and nobody is told',
  },
  'refused-subscription': {
    ...entry(topic, 'while', ['F14'], true),
    what: 'subscriptions are refused',
  },
  'slow-snapshot': {
    ...entry(['durationSeconds', 'symbol'], 'while', ['F19']),
    what: 'from then on, books are given late on streams; the duration says how late, in real time, 2 if left out',
  },
  'lost-snapshot': {
    ...entry(['durationSeconds', 'symbol'], 'while', ['F17', 'F19'], true),
    what: 'books that were asked for on a stream never come',
  },
  'old-snapshot': {
    ...entry(['durationSeconds', 'symbol'], 'while', ['F19'], true),
    what: 'books on a stream are given as they were when it began, older and older; REST gives the present ones',
  },
  refuse: {
    ...entry(['durationSeconds'], 'while', ['F3']),
    what: 'upgrades are answered with HTTP 503; the duration is real time',
  },
};

function entry(
  parts: readonly FaultPart[],
  lasts: FaultEntry['lasts'],
  makes: readonly string[],
  countsEach = false,
): Omit<FaultEntry, 'what'> {
  return { place: 'market', parts, lasts, makes, countsEach };
}
