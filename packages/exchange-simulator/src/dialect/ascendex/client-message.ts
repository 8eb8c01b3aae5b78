import type { MessageId } from './messages.ts';

/** A JSON object of a client, unchecked. */
export type Fields = Readonly<Record<string, unknown>>;

/** A number digit for digit: a float would round a long one. */
class NumberText {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

/** Reads one message of a client; `undefined` if it is not a JSON object. Only {@link messageId} can read its `id`; those within are plain. */
export function parseMessage(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text, keepDigitsOfIds);
    if (!isFields(value)) return undefined;
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, name === 'id' ? part : withPlainIds(part)]),
    );
  } catch {
    return undefined;
  }
}

/** The digits matter only where they are echoed as they are. */
function withPlainIds(value: unknown): unknown {
  if (value instanceof NumberText) return Number(value.digits);
  if (Array.isArray(value)) return value.map(withPlainIds);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withPlainIds(part)]));
}

function keepDigitsOfIds(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const digits = key === 'id' && typeof value === 'number' ? context?.source : undefined;
  return digits === undefined ? value : new NumberText(digits);
}

/** True for a JSON object, and not for a list or null. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The client's name for its message, as JSON text, if it is one. */
export function messageId(value: unknown): MessageId {
  if (value instanceof NumberText) return value.digits;
  return typeof value === 'string' || typeof value === 'number' ? JSON.stringify(value) : undefined;
}

/** What a request calls itself, and the market that it is about, as a refusal gives them back; empty if that is no name. */
export function requestNames({ id, symbol }: Fields): { readonly id: string; readonly symbol: string } {
  return { id: nameText(id), symbol: nameText(symbol) };
}

function nameText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A value as it is shown in a refusal, cut if it is long. */
export function quoted(value: unknown): string {
  const text = jsonText(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'nothing';
  } catch {
    // A client can nest deeper than can be written back.
    return 'something that is nested too deeply';
  }
}
