/** What the user typed, or a file that it names, cannot be used. The message is one sentence for that user. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** An error's message, or the text of whatever was thrown instead of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
