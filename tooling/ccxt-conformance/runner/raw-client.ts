import { createHmac } from 'node:crypto';
import { Deviation } from './expectations.ts';
import type { Account } from './start-simulator.ts';

/** An answer of the venue, unchecked. */
// biome-ignore lint/suspicious/noExplicitAny: whatever is missing in it fails where it is compared
export type Answer = any;

/** Speaks to the venue without ccxt, and with signing code of its own: the second source. */
export interface RawClient {
  /** The `data` of a public answer. @throws Deviation if it is refused. */
  read(path: string, query?: Record<string, string>): Promise<Answer>;
  /** The whole answer to a signed request. `signedPath` is the part of the path that is signed. */
  ask(request: SignedRequest): Promise<Answer>;
}

/** A signed request. */
export interface SignedRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly signedPath: string;
  readonly query?: Record<string, string>;
  readonly body?: object;
}

/** Signs as the venue's documents say: HMAC-SHA256 with the secret's text as key, in base64. */
export function sign(secret: string, timestamp: string, path: string): string {
  return createHmac('sha256', secret).update(`${timestamp}+${path}`).digest('base64');
}

/** Makes a client of an account; without one it can only read. */
export function createRawClient(rest: string, account?: Account): RawClient {
  async function send(url: URL, options: RequestInit): Promise<Answer> {
    const response = await fetch(url, options);
    const text = await response.text();
    try {
      return JSON.parse(text);
    } catch {
      throw new Deviation(`${url.pathname}: HTTP ${response.status}, no JSON: ${text.slice(0, 100)}`);
    }
  }
  return {
    async read(path, query = {}) {
      const answer = await send(address(rest, path, query), {});
      if (Number(answer.code) !== 0) throw new Deviation(`${path}: ${JSON.stringify(answer).slice(0, 200)}`);
      return answer.data;
    },
    ask({ method, path, signedPath, query = {}, body }) {
      if (account === undefined) throw new Deviation('the simulator has no accounts');
      const timestamp = String(Date.now());
      const headers = {
        'x-auth-key': account.key,
        'x-auth-timestamp': timestamp,
        'x-auth-signature': sign(account.secret, timestamp, signedPath),
        'content-type': 'application/json',
      };
      const options =
        body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
      return send(address(rest, path, query), options);
    },
  };
}

function address(rest: string, path: string, query: Record<string, string>): URL {
  const url = new URL(path, rest);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}
