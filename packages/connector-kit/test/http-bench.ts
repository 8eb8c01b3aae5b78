import type { Runtime } from '@venuekit/connector-core';
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../src/http/http-client.ts';
import type { HttpRequest } from '../src/http/http-exchange.ts';
import { createManualRuntime, type ManualRuntime } from '../src/testing/manual-runtime.ts';

/** Wall time at which every bench starts. */
export const startMs: number = 1_780_272_000_000;
/** Headers of a JSON reply. */
export const json: Readonly<Record<string, string>> = { 'content-type': 'application/json' };
/** A request like any other. */
export const question: HttpRequest = { operation: 'fetchBook', method: 'GET', path: '/api/depth' };

/** A client over a fetch by hand, in time by hand. */
export interface Bench {
  readonly runtime: ManualRuntime;
  readonly client: HttpClient;
  readonly requests: Request[];
}

/** Makes a {@link Bench} whose fetch is `answer`. */
export function createBench(
  answer: (request: Request) => Promise<Response> | Response,
  options: Partial<HttpClientOptions> = {},
): Bench {
  const requests: Request[] = [];
  const fetch: Runtime['fetch'] = async (request) => {
    requests.push(request);
    return answer(request);
  };
  const runtime = createManualRuntime({ fetch, startMs });
  const client = createHttpClient({ runtime, venue: 'venue', baseUrl: 'https://example.test', ...options });
  return { runtime, client, requests };
}

/** A fetch that never answers, whatever its signal says. */
export const never = (): Promise<Response> => new Promise(() => {});

/** A response whose body gives `chunks` and then nothing more; tells whether it was cancelled. */
export function openEnded(...chunks: readonly string[]): {
  readonly response: Response;
  readonly wasCancelled: () => boolean;
} {
  let cancelled = false;
  const body = new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
    },
    cancel: () => {
      cancelled = true;
    },
  });
  return { response: new Response(body, { headers: json }), wasCancelled: () => cancelled };
}
