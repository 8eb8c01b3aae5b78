import { isCredentialName, longestLine, readable, type ScreenedFrame } from './frame-screen.ts';
import { jsonObject } from './recorded-message.ts';

/** An answer of REST, judged. */
export type ScreenedAnswer =
  | { readonly judgement: 'written'; readonly text: string }
  | { readonly judgement: Exclude<ScreenedFrame, 'written'> };

/**
 * Reads a copy of the body of an answer that may be written down: that of a GET without credentials, with status 200 and a JSON
 * object on one line, of at most 16 MiB. Rejects if the body breaks.
 */
export async function readPublicAnswer(request: Request, response: Response): Promise<ScreenedAnswer> {
  if (request.method !== 'GET' || hasCredentials(request)) return { judgement: 'private' };
  if (response.status !== 200 || response.bodyUsed) return { judgement: 'unreadable' };
  const text = await readText(response.clone());
  if (text === undefined || readable(text, jsonObject) === undefined) return { judgement: 'unreadable' };
  return { judgement: 'written', text };
}

function hasCredentials({ headers, url }: Request): boolean {
  const names = [...headers.keys(), ...new URL(url).searchParams.keys()];
  return names.some(isCredentialName);
}

/** The body; `undefined` if it is too long, of which no more is read. */
async function readText({ body }: Response): Promise<string | undefined> {
  const reader = body?.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
    bytes += next.value.byteLength;
    chunks.push(next.value);
    if (bytes <= longestLine) continue;
    // Settles when the client has had enough as well, which may be never.
    void reader?.cancel().catch(() => undefined);
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}
