/** A message of an address: when it came, and whether the venue still serves the group. */
export type Verdict = 'serve' | 'ignore' | 'end';

/** What becomes of messages that come at these times, counted anew for each of them over everything that ever came. */
export function judgeAll(
  times: readonly number[],
  {
    windowMs,
    ignoreMs,
    ignoreAbove,
    banAbove,
  }: Readonly<Record<'windowMs' | 'ignoreMs' | 'ignoreAbove' | 'banAbove', number>>,
): readonly Verdict[] {
  const breaches: number[] = [];
  return times.map((now, index) => {
    const count = times.slice(0, index + 1).filter((time) => time > now - windowMs).length;
    if (count > banAbove) return 'end';
    if (breaches.some((time) => now < time + ignoreMs)) return 'ignore';
    if (count <= ignoreAbove) return 'serve';
    breaches.push(now);
    return 'ignore';
  });
}
