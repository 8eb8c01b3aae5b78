import { isCredentialName } from './credential-names.ts';
import { longestFrame, type Written } from './recording-writer.ts';

/** The body of an answer that may be written down, or why there is none. */
export type RecordableAnswer =
  | { readonly judgement: 'written'; readonly text: string }
  | { readonly judgement: Exclude<Written, 'written'> };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a copy of an answer: to a GET without credentials in headers and query, with status 200 and a body in UTF-8 of at most 16 MiB.
 * Never rejects: a body that breaks is one that cannot be written down.
 */
export async function readRecordableAnswer(request: Request, response: Response): Promise<RecordableAnswer> {
  if (request.method !== 'GET' || hasCredentials(request)) return { judgement: 'secret' };
  if (response.status !== 200 || response.bodyUsed) return { judgement: 'unreadable' };
  try {
    const text = await readText(response.clone());
    return text === undefined ? { judgement: 'unreadable' } : { judgement: 'written', text };
  } catch {
    return { judgement: 'unreadable' };
  }
}

/** The body; `undefined` if it is too long, of which no more is read. */
async function readText({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > longestFrame) return undefined;
    chunks.push(chunk);
  }
  return utf8.decode(Buffer.concat(chunks));
}

function hasCredentials({ headers, url }: Request): boolean {
  return [...headers.keys(), ...new URL(url).searchParams.keys()].some(isCredentialName);
}
