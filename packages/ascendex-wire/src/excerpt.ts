/** The longest piece of foreign text that a message carries. */
export const longestExcerpt = 80;

/** The beginning of foreign text on one line, at most `limit` characters. What was cut is marked by `…`. */
export function excerpt(text: string, limit: number = longestExcerpt): string {
  const cut = text.length > limit;
  // A cut through a surrogate pair leaves half a character, which is in the class of control characters too.
  const printable = text.slice(0, cut ? limit - 1 : limit).replace(/\p{C}/gu, '?');
  return cut ? `${printable}…` : printable;
}

/** What a foreign value is, in a few words. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return `"${excerpt(value, longestExcerpt - 2)}"`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
