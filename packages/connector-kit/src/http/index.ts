/**
 * HTTP for connectors: one deadline over headers and body, bounded bodies, typed errors, nothing ambient.
 *
 * @packageDocumentation
 */
export { createHttpClient, type HttpClient, type HttpClientOptions } from './http-client.ts';
export type { HttpMethod, HttpReply, HttpRequest } from './http-exchange.ts';
export type { HttpLimits, RequestLimit } from './limited-exchange.ts';
