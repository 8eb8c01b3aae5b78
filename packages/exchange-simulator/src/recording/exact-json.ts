/** JSON text of a value, as newer engines hand it to a reviver. */
interface SourceContext {
  readonly source?: string;
}

/**
 * Reads JSON and keeps every integer: those beyond 2^53, which a float would round, come out as `bigint`.
 * @throws SyntaxError if the text is not JSON.
 */
export function parseExactJson(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: SourceContext): unknown => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    const source = context?.source;
    return source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;
  };
  return JSON.parse(text, revive);
}

/** True for a JSON object, and not for a list or null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The start of a value's text, for messages. Control characters are replaced: the text is foreign and may end up on a terminal. */
export function excerpt(value: unknown): string {
  const text = typeof value === 'string' ? value : describe(value);
  const start = text.slice(0, 60).replace(/\p{C}/gu, '?');
  return text.length > 60 ? `${start}…` : start;
}

function describe(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  return (
    JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner)) ??
    'nothing'
  );
}
