import { type Runtime, VenueError } from '@venuekit/connector-core';
import ky from 'ky';
import type { ErrorOrigin, HttpAddress, HttpQuery } from './http-address.ts';
import { discardBody, type HttpBody, readBody } from './http-body.ts';
import { createHttpStop, type HttpStop } from './http-stop.ts';
import type { RequestLimit } from './limited-exchange.ts';
import { refuseReply } from './reply-refusal.ts';
import { readRetryAfterMs } from './retry-after.ts';
import { toTransportError } from './transport-failure.ts';

/** Methods that venues use. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One request. */
export interface HttpRequest {
  /** What the request is for, in errors: for example `fetchBook`. */
  readonly operation: string;
  readonly method: HttpMethod;
  /** Path under the base of the client; begins with `/`, holds no query. */
  readonly path: string;
  readonly query?: HttpQuery;
  /** Headers beside those of the client; they win. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Text of the body, JSON unless a `content-type` header says otherwise. Not with `GET`. */
  readonly body?: string;
  /** The limit that the request counts towards. Required by a client with limits, unknown to one without. */
  readonly limit?: RequestLimit;
  /** Ends the request early, waiting or sent; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Deadline over the wait for room, connection, headers and body together, in milliseconds. */
  readonly timeoutMs?: number;
  /** Longest body that is read, in bytes after decompression. */
  readonly maxBodyBytes?: number;
}

/** The venue's reply: JSON text of any status. */
export interface HttpReply {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Wall time at which the request was handed over, in milliseconds since the epoch. */
  readonly sentAtMs: number;
  /** The same by the monotonic clock, which is that of a venue's limiter: for `report`. */
  readonly sentAtMonotonicMs: number;
  /** Wall time at which the whole reply was there, in milliseconds since the epoch. */
  readonly receivedAtMs: number;
  /** Duration between the two by the monotonic clock, in milliseconds. */
  readonly roundTripMs: number;
  /** How long the venue asks to wait, in milliseconds; `undefined` if it does not. */
  readonly retryAfterMs: number | undefined;
}

/** A request with everything settled. */
export interface HttpExchange {
  readonly runtime: Runtime;
  readonly origin: ErrorOrigin;
  readonly address: HttpAddress;
  readonly method: HttpMethod;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

/** What an exchange tells while it goes on. */
export interface ExchangeWatch {
  /** The request is handed over now. */
  sent(): void;
  /** The head of an answer came. */
  replied(status: number, headers: Headers): void;
}

/** What one run of an exchange is given beside what it sends. */
export interface ExchangeRun {
  /** The caller's; not aborted yet. */
  readonly signal?: AbortSignal | undefined;
  /** What is left of the exchange's `timeoutMs`; all of it by default. */
  readonly leftMs?: number;
  readonly watch?: ExchangeWatch;
}

/** How far an exchange came, for the message of a timeout. */
interface Progress {
  sentAtMs: number;
  sentAt: number;
  got: string;
  readonly watch: ExchangeWatch;
}

const unwatched: ExchangeWatch = { sent() {}, replied() {} };

/** Sends one request, once, and gives the reply. Whatever happens, nothing of it is left when the promise settles. */
export function runHttpExchange(
  exchange: HttpExchange,
  { signal, leftMs = exchange.timeoutMs, watch = unwatched }: ExchangeRun,
): Promise<HttpReply> {
  const progress: Progress = { sentAtMs: 0, sentAt: 0, got: 'nothing', watch };
  const { timers } = exchange.runtime;
  // By hand, because this is the way of every poll: a race with a promise that never settles is dearer.
  return new Promise((resolve, reject) => {
    const stop = createHttpStop(timers, leftMs, () => toTimeout(exchange, progress), signal, reject);
    send(exchange, stop, progress).then(
      (reply) => {
        stop.release();
        resolve(reply);
      },
      (failure: unknown) => {
        stop.release();
        reject(failure);
      },
    );
  });
}

async function send(exchange: HttpExchange, stop: HttpStop, progress: Progress): Promise<HttpReply> {
  const { address, origin, runtime } = exchange;
  const response = await openResponse(exchange, stop, progress);
  refuseRedirect(response, exchange);
  progress.got = `HTTP ${response.status} and a body without end`;
  const { text, exact } = await readWholeBody(response, exchange, stop);
  const receivedAtMs = runtime.clock.now();
  const retryAfterMs = readRetryAfterMs(response.headers, receivedAtMs);
  const { status, headers } = response;
  const contentType = headers.get('content-type') ?? '';
  const refusal = refuseReply({ status, contentType, text, exact, retryAfterMs }, address, origin);
  if (refusal !== undefined) throw refusal;
  const roundTripMs = runtime.clock.monotonic() - progress.sentAt;
  const { sentAtMs, sentAt: sentAtMonotonicMs } = progress;
  return { status, text, headers, sentAtMs, sentAtMonotonicMs, receivedAtMs, roundTripMs, retryAfterMs };
}

async function openResponse(exchange: HttpExchange, stop: HttpStop, progress: Progress): Promise<Response> {
  const { address, method, origin, runtime } = exchange;
  const handOver = async (request: Request): Promise<Response> => {
    progress.watch.sent();
    progress.sentAtMs = runtime.clock.now();
    progress.sentAt = runtime.clock.monotonic();
    const answer = await runtime.fetch(request);
    progress.watch.replied(answer.status, answer.headers);
    return answer;
  };
  let response: Response;
  try {
    const open = method === 'GET' ? openPlainly : openWithKy;
    response = await open(exchange, stop.signal, handOver);
  } catch (failure) {
    throw toTransportError(failure, address, origin);
  }
  // An implementation of fetch that ignores the signal may answer after the end.
  if (!stop.signal.aborted) return response;
  discardBody(response);
  throw stop.signal.reason;
}

type HandOver = (request: Request) => Promise<Response>;

/** What is polled has no body to prepare, and ky would add a third to its cost. */
async function openPlainly(
  { address, headers, method }: HttpExchange,
  signal: AbortSignal,
  handOver: HandOver,
): Promise<Response> {
  // Whoever gives up in the turn of the call has sent nothing.
  await undefined;
  signal.throwIfAborted();
  return handOver(new Request(address.href, { method, headers, signal, redirect: 'manual' }));
}

/** Retries, deadlines and the reading of bodies are ours: what ky would do in their place runs on the ambient clock. */
function openWithKy(
  { address, body, headers, method }: HttpExchange,
  signal: AbortSignal,
  handOver: HandOver,
): Promise<Response> {
  return ky(address.href, {
    method,
    headers,
    ...(body !== undefined && { body }),
    signal,
    fetch: (input) => {
      // ky calls this a few turns later; what was given up meanwhile must not be sent.
      signal.throwIfAborted();
      return handOver(input as Request);
    },
    redirect: 'manual',
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
  });
}

async function readWholeBody(
  response: Response,
  { address, maxBodyBytes, origin }: HttpExchange,
  stop: HttpStop,
): Promise<HttpBody> {
  let body: Awaited<ReturnType<typeof readBody>>;
  try {
    body = await readBody(response, maxBodyBytes, stop);
  } catch (failure) {
    throw toTransportError(failure, address, origin);
  }
  if ('text' in body) return body;
  const { announcedBytes } = body.tooLong;
  throw new VenueError({
    ...origin,
    code: 'protocol',
    message: `expected at most ${maxBodyBytes} bytes from ${address.place}, got ${announcedBytes ?? 'more'}`,
  });
}

/** A signed request must not be sent to a place that nobody chose, so redirects are not followed. */
function refuseRedirect(response: Response, { address, origin }: HttpExchange): void {
  const { redirected, status, type } = response;
  const isRedirect = redirected || type === 'opaqueredirect' || (status >= 300 && status < 400);
  if (!isRedirect) return;
  discardBody(response);
  const location = response.headers.get('location') ?? '';
  const target = URL.canParse(location, address.href)
    ? new URL(location, address.href).host
    : 'an unnamed place';
  throw new VenueError({
    ...origin,
    code: 'protocol',
    message: `expected a reply from ${address.place}, got a redirect (HTTP ${status}) to ${target}`,
  });
}

function toTimeout({ address, origin, timeoutMs }: HttpExchange, { got }: Progress): VenueError {
  return new VenueError({
    ...origin,
    code: 'timeout',
    message: `expected a reply from ${address.place} within ${timeoutMs} ms, got ${got}`,
  });
}
