import { parseHttpDate } from './http-date.ts';

/**
 * How long a reply asks to wait, from its `Retry-After` header: seconds, or a date against the wall clock.
 * @returns milliseconds from 0 up; `undefined` if the header is missing or unreadable.
 */
export function readRetryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const atMs = parseHttpDate(text, nowMs);
  return atMs === undefined ? undefined : Math.max(0, atMs - nowMs);
}
