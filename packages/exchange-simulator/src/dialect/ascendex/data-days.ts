const dayMs = 86_400_000;
const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** When a day of the calendar begins in UTC, in milliseconds since the epoch; `undefined` if `text` is none from 1970 on. */
export function startOfDay(text: string): number | undefined {
  const [, year = '', month = '', day = ''] = datePattern.exec(text) ?? [];
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (y < 1970 || m < 1 || m > 12 || d < 1 || d > daysOf(y, m)) return undefined;
  let days = (y - 1970) * 365 + leapsBefore(y) - leapsBefore(1970) + d - 1;
  for (let earlier = 1; earlier < m; earlier += 1) days += daysOf(y, earlier);
  return days * dayMs;
}

function daysOf(year: number, month: number): number {
  return month === 2 && leapsBefore(year + 1) > leapsBefore(year) ? 29 : (monthDays[month - 1] ?? 0);
}

/** Leap years before a year, from the first on. */
function leapsBefore(year: number): number {
  const last = year - 1;
  return Math.floor(last / 4) - Math.floor(last / 100) + Math.floor(last / 400);
}
