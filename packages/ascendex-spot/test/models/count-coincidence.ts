import type { WireDepth } from './wire-log.ts';

/**
 * True if numbers of two counts of the venue's feed fit together by chance in what arrived: then no client can tell from the
 * numbers that messages are missing. `feedOf` says to which count a message belongs.
 */
export function countsCoincide(
  arrived: readonly WireDepth[],
  feedOf: (message: WireDepth) => number | undefined,
): boolean {
  const messages = arrived.map((message) => ({ ...message, feed: feedOf(message) ?? -1 }));
  const changes = messages.flatMap((message, at) => (message.kind === 'change' ? [{ ...message, at }] : []));
  return messages.some(({ feed, kind, sequence }, at) => {
    const behind = changes.filter((change) => change.at > at);
    const next = sequence + 1n;
    // A change is followed by the next one that comes; a snapshot by whatever has the next number, also if it came before.
    if (kind === 'change') return behind[0]?.sequence === next && behind[0].feed !== feed;
    const later = behind.find((change) => change.sequence === next);
    if (later !== undefined && later.feed !== feed) return true;
    const earlier = changes.findLast((change) => change.at < at && change.sequence === next);
    return earlier !== undefined && earlier.feed > feed;
  });
}
