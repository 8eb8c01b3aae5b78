import type { HttpStop } from './http-stop.ts';

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

/** Keeps nothing from one whole body to the next. */
const strictDecoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a body of at most `maxBytes`, counted as they arrive after any decompression. What the header announces is checked
 * first. A stop ends the reading even if the stream itself does not listen to the signal. The stream is never left locked.
 */
export async function readBody(
  response: Response,
  maxBytes: number,
  stop: HttpStop,
): Promise<HttpBody | OversizedBody> {
  const announcedBytes = Number(response.headers.get('content-length') ?? 0);
  if (announcedBytes > maxBytes) {
    discardBody(response);
    return { tooLong: { announcedBytes } };
  }
  const reader = response.body?.getReader();
  if (reader === undefined) return { text: '', exact: true };
  // A listener of the signal would cost more than the reading of a short body.
  stop.watch(() => void reader.cancel().catch(ignore));
  try {
    const chunks = await readChunks(reader, maxBytes);
    return chunks === undefined ? { tooLong: {} } : toText(chunks);
  } finally {
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
  const [only, ...others] = chunks;
  const bytes = only !== undefined && others.length === 0 ? only : joined(chunks);
  try {
    return { text: strictDecoder.decode(bytes), exact: true };
  } catch {
    return { text: new TextDecoder().decode(bytes), exact: false };
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** A stream that cannot even be cancelled is of no more use; its failure was told elsewhere, or will be by nobody. */
function ignore(): void {}
