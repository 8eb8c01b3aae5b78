import { isUtf8 } from 'node:buffer';

/** What travels as one reply. */
export interface Reply {
  readonly status: number;
  readonly statusText?: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Iterable<readonly [string, string]>;
  /** How the body ends: as it should, with an error, or never. */
  readonly ending: 'whole' | 'break' | 'stall';
}

/** A body of which the client gets the first bytes and then waits. */
export interface PartialBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** Ends the wait with an error. */
  fail(error: unknown): void;
}

/** Makes the body of a reply that is not whole. `cancelled` hears of a client that wants no more. */
export function createPartialBody(bytes: Uint8Array, cancelled: () => void): PartialBody {
  let fail = (_error: unknown): void => {};
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (bytes.byteLength > 0) controller.enqueue(bytes);
      fail = (error) => controller.error(error);
    },
    cancel: cancelled,
  });
  return { stream, fail: (error) => fail(error) };
}

/** Reads the body of a server's reply, as far as it comes. */
export async function readReply(response: Response): Promise<Reply> {
  const { headers, status, statusText } = response;
  if (response.bodyUsed) throw new TypeError('expected a reply whose body was not read, got one that was');
  const chunks: Uint8Array[] = [];
  let ending: Reply['ending'] = 'whole';
  try {
    for await (const chunk of response.body ?? []) chunks.push(chunk);
  } catch {
    ending = 'break';
  }
  return { status, statusText, headers: [...headers], body: new Uint8Array(Buffer.concat(chunks)), ending };
}

/** Name and content of a trace line that holds a body: the text, or base64 where the bytes are no UTF-8. */
export function bodyLine(kind: string, bytes: Uint8Array): readonly [kind: string, text: string] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? [kind, buffer.toString()] : [`${kind}-base64`, buffer.toString('base64')];
}

/** Headers as they are in the trace: names in lower case, sorted, all of them. */
export function listHeaders(
  headers: Iterable<readonly [string, string]>,
): readonly (readonly [string, string])[] {
  return [...toHeaders(headers)];
}

/** Headers of which a name may come more than once. */
export function toHeaders(entries: Iterable<readonly [string, string]>): Headers {
  const headers = new Headers();
  for (const [name, value] of entries) headers.append(name, value);
  return headers;
}
