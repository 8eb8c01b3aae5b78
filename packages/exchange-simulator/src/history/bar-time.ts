import { dayMs, minuteMs, monthStartMs } from './bar-interval.ts';

/** Whole numbers from here on are milliseconds, below they are seconds: the year 5138 in one reading, 1973 in the other. */
const leastMs = 100_000_000_000;

const isoText =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|\+00:?00)?)?$/;

/**
 * Milliseconds since the epoch of a time in UTC: seconds or milliseconds as a whole number, or an ISO date with or without a time of the
 * day, such as `2024-02-29` or `2024-02-29T12:00:00Z`. Without a zone it is UTC; `undefined` for other zones and anything else.
 */
export function parseBarTime(text: string): number | undefined {
  if (/^\d{1,15}$/.test(text)) {
    const value = Number(text);
    return value < leastMs ? value * 1_000 : value;
  }
  const match = isoText.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const monthIndex = 12 * (year - 1970) + month - 1;
  const dayStartMs = monthStartMs(monthIndex) + (day - 1) * dayMs;
  const isDate = month >= 1 && month <= 12 && day >= 1 && dayStartMs < monthStartMs(monthIndex + 1);
  if (!isDate || hour > 23 || minute > 59 || second > 59) return undefined;
  const fractionMs = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  return dayStartMs + (hour * 60 + minute) * minuteMs + second * 1_000 + fractionMs;
}
