import type { MessageId } from './messages.ts';

/** A JSON object of a client, unchecked. */
export type Fields = Readonly<Record<string, unknown>>;

/** Reads one message of a client; `undefined` if it is not a JSON object. */
export function parseMessage(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** True for a JSON object, and not for a list or null. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The client's name for its message, if it is one. */
export function messageId(value: unknown): MessageId {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

/** A value as it is shown in a refusal, cut if it is long. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
