/** A body, and whether its bytes were proper UTF-8. */
export interface HttpBody {
  readonly text: string;
  /** False if some bytes were no UTF-8; those are shown as U+FFFD. */
  readonly exact: boolean;
}

/** The body is longer than allowed. */
export interface OversizedBody {
  /** What is known of its size, in bytes; the rest was not read. */
  readonly tooLong: { readonly announcedBytes?: number };
}

/**
 * Reads a body of at most `maxBytes`, counted as they arrive after any decompression. What the header announces is checked
 * first. An abort ends the reading even if the stream itself does not listen to the signal. The stream is never left locked.
 */
export async function readBody(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<HttpBody | OversizedBody> {
  const announcedBytes = Number(response.headers.get('content-length') ?? 0);
  if (announcedBytes > maxBytes) {
    discardBody(response);
    return { tooLong: { announcedBytes } };
  }
  const reader = response.body?.getReader();
  if (reader === undefined) return { text: '', exact: true };
  const cancel = (): void => void reader.cancel().catch(ignore);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (signal.aborted) cancel();
    const chunks = await readChunks(reader, maxBytes);
    return chunks === undefined ? { tooLong: {} } : toText(chunks);
  } finally {
    signal.removeEventListener('abort', cancel);
    reader.releaseLock();
  }
}

/** Gives a body up, so that its connection does not wait for a reader. */
export function discardBody(response: Response): void {
  void response.body?.cancel().catch(ignore);
}

async function readChunks(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
): Promise<readonly Uint8Array[] | undefined> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return chunks;
    total += value.byteLength;
    if (total > maxBytes) {
      void reader.cancel().catch(ignore);
      return undefined;
    }
    chunks.push(value);
  }
}

function toText(chunks: readonly Uint8Array[]): HttpBody {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), exact: true };
  } catch {
    return { text: new TextDecoder().decode(bytes), exact: false };
  }
}

/** A stream that cannot even be cancelled is of no more use; its failure was told elsewhere, or will be by nobody. */
function ignore(): void {}
