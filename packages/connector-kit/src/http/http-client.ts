import { type Runtime, VenueError, type VenueErrorCode } from '@venuekit/connector-core';
import { requireLimits } from '../limits/limit-use.ts';
import { type ErrorOrigin, parseBaseUrl, toAddress } from './http-address.ts';
import { type HttpExchange, type HttpReply, type HttpRequest, runHttpExchange } from './http-exchange.ts';
import { type HttpLimits, runLimitedExchange } from './limited-exchange.ts';

/** What {@link createHttpClient} takes. */
export interface HttpClientOptions {
  /** Where clock, timers and fetch come from. */
  readonly runtime: Runtime;
  /** Venue id, for errors. */
  readonly venue: string;
  /** Origin of the venue, with a path in front of all others if it has one. */
  readonly baseUrl: string;
  /** Deadline of a request that has none of its own, in milliseconds. 10,000 if left out. */
  readonly timeoutMs?: number;
  /** Longest body that is read, in bytes after decompression. 16 MiB if left out. */
  readonly maxBodyBytes?: number;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Limits that every request keeps to: each names the one that it counts towards. None if left out. */
  readonly limits?: HttpLimits;
}

/** Sends requests to one venue. Holds no connection, timer or listener between them. */
export interface HttpClient {
  /**
   * Sends one request, once, with limits as soon as there is room: nothing is retried and no redirect followed. Resolves with JSON
   * of any status, which is the venue's word and for the venue's decoder.
   * @throws VenueError `timeout` after the deadline, with `retryAfterMs` if it was still waiting for room; `transport` if the connection failed; `protocol` for a body that is too
   * long, a redirect or a success without JSON; for other replies without JSON `rate-limited` (429, 418, 403 with a page),
   * `authentication` (401), `permission` (403, 451), `venue-unavailable` (5xx, 408) or `invalid-request` (other 4xx);
   * `rate-limited` if the limiter refuses; `closed` if it was closed; `invalid-request` for a request that cannot be sent. An aborted signal: its reason, as it is.
   */
  request(request: HttpRequest): Promise<HttpReply>;
}

const defaultTimeoutMs = 10_000;
const defaultMaxBodyBytes = 16 * 1_024 * 1_024;
/** The longest delay that timers keep. */
const longestTimeoutMs = 2_147_483_647;

/**
 * Makes an HTTP client over the runtime's fetch. No I/O and no timer before the first request.
 * @throws VenueError `invalid-options` for a bad `baseUrl`, number or header, or a scope that the limiter does not have.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { runtime, venue } = options;
  const created = blame(venue, 'createHttpClient', 'invalid-options');
  const base = parseBaseUrl(options.baseUrl, venue);
  const timeoutMs = checkedNumber(options.timeoutMs ?? defaultTimeoutMs, 'timeoutMs', created);
  const maxBodyBytes = checkedNumber(options.maxBodyBytes ?? defaultMaxBodyBytes, 'maxBodyBytes', created);
  if (options.limits !== undefined) checkLimits(options.limits, venue, created);
  const common = { accept: 'application/json', ...lowerCased(options.headers ?? {}, created) };

  async function request(wanted: HttpRequest): Promise<HttpReply> {
    const { body, limit, method, operation, signal } = wanted;
    if (signal?.aborted) throw signal.reason;
    const asked = blame(venue, operation, 'invalid-request');
    if (body !== undefined && method === 'GET') throw asked('body: expected none with GET, got one');
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const exchange: HttpExchange = {
      runtime,
      origin: { venue, operation } satisfies ErrorOrigin,
      address: toAddress(base, wanted.path, wanted.query ?? {}, { venue, operation }),
      method,
      headers: { ...type, ...common, ...lowerCased(wanted.headers ?? {}, asked) },
      body,
      timeoutMs: checkedNumber(wanted.timeoutMs ?? timeoutMs, 'timeoutMs', asked),
      maxBodyBytes: checkedNumber(wanted.maxBodyBytes ?? maxBodyBytes, 'maxBodyBytes', asked),
    };
    const { limits } = options;
    if (limits === undefined && limit !== undefined)
      throw asked('limit: expected none with a client that has no limits, got one');
    if (limits === undefined) return runHttpExchange(exchange, { signal });
    if (limit === undefined) throw asked('limit: expected the one that the request counts towards, got none');
    return runLimitedExchange(exchange, limits, limit, signal);
  }

  return { request };
}

function checkLimits({ limiter, scope, unstatedPenaltyMs }: HttpLimits, venue: string, refuse: Blame): void {
  checkedNumber(unstatedPenaltyMs, 'limits.unstatedPenaltyMs', refuse);
  requireLimits(limiter, { ids: [], scopes: [scope] }, { venue, operation: 'createHttpClient' });
}

type Blame = (message: string) => VenueError;

function blame(venue: string, operation: string, code: VenueErrorCode): Blame {
  return (message) => new VenueError({ code, venue, operation, message });
}

function checkedNumber(value: number, name: string, refuse: Blame): number {
  if (value > 0 && value <= longestTimeoutMs) return value;
  throw refuse(`${name}: expected a number above 0 and up to ${longestTimeoutMs}, got ${value}`);
}

/** Headers by lower-case name, so that a later one replaces an earlier one. A bad value is never shown: it may be a secret. */
function lowerCased(
  headers: Readonly<Record<string, string>>,
  refuse: Blame,
): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).map(([name, value]) => {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name))
      throw refuse('headers: expected names of HTTP headers, got another');
    if (typeof value !== 'string' || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw refuse(`headers: ${name}: expected text that fits a header, got other characters`);
    return [name.toLowerCase(), value] as const;
  });
  return Object.fromEntries(entries);
}
