const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayMs = 86_400_000;

/** The three forms of RFC 9110, section 5.6.7: IMF-fixdate, RFC 850 and asctime. Only the first is made today. */
const forms = [
  /^\w{3}, (?<day>\d{2}) (?<month>\w{3}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^\w{6,9}, (?<day>\d{2})-(?<month>\w{3})-(?<year>\d{2}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^\w{3} (?<month>\w{3}) (?<day>[ \d]\d) (?<time>\d{2}:\d{2}:\d{2}) (?<year>\d{4})$/,
];

/**
 * Reads a date of an HTTP header without the ambient `Date`.
 * @param nowMs decides the century of a year with two digits, which is never more than 50 years ahead.
 * @returns milliseconds since the epoch; `undefined` if it is no such date.
 */
export function parseHttpDate(text: string, nowMs: number): number | undefined {
  const groups = forms.map((form) => form.exec(text)?.groups).find((found) => found !== undefined);
  if (groups === undefined) return undefined;
  const month = months.indexOf((groups.month ?? '').toLowerCase());
  const day = Number(groups.day);
  const [hour = 0, minute = 0, second = 0] = (groups.time ?? '').split(':').map(Number);
  const year = toFullYear(groups.year ?? '', nowMs);
  if (month < 0 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  return daysFromEpoch(year, month, day) * dayMs + ((hour * 60 + minute) * 60 + second) * 1_000;
}

function toFullYear(digits: string, nowMs: number): number {
  const year = Number(digits);
  if (digits.length === 4) return year;
  const now = 1970 + Math.floor(nowMs / (365.2425 * dayMs));
  const sameCentury = now - (now % 100) + year;
  return sameCentury > now + 50 ? sameCentury - 100 : sameCentury;
}

/** Days of the proleptic Gregorian calendar since 1970-01-01; years are counted from March, so that leap days come last. */
function daysFromEpoch(year: number, month: number, day: number): number {
  const shifted = month < 2 ? year - 1 : year;
  const monthFromMarch = (month + 10) % 12;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leapDays + Math.floor((153 * monthFromMarch + 2) / 5) + day - 719_469;
}
