import { VenueError } from '@venuekit/connector-core';

/** Values of a query by name; what is `undefined` is left out. */
export type HttpQuery = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where a request goes, and what may be said about it. */
export interface HttpAddress {
  readonly url: URL;
  /** Host and path without the query, which may carry secrets. */
  readonly place: string;
  /** Host and port, for errors of the connection. */
  readonly hostAndPort: string;
}

/**
 * Reads the base of a venue's addresses.
 * @throws VenueError `invalid-options` unless it is an http or https URL without credentials, query and fragment.
 */
export function parseBaseUrl(baseUrl: string, venue: string): URL {
  const refuse = (got: string): VenueError =>
    new VenueError({
      code: 'invalid-options',
      venue,
      operation: 'createHttpClient',
      message: `baseUrl: expected an http or https URL without credentials, query and fragment, got ${got}`,
    });
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined) throw refuse('text that is no URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse(`the protocol ${url.protocol}`);
  if (url.username !== '' || url.password !== '') throw refuse('one with credentials');
  if (url.search !== '' || url.hash !== '') throw refuse('one with a query or a fragment');
  return url;
}

/**
 * The address of `path` and `query` under `base`. A path cannot lead to another host.
 * @throws VenueError `invalid-request` for a path that does not begin with `/`, or that holds a query or a fragment.
 */
export function toAddress(base: URL, path: string, query: HttpQuery, blame: ErrorOrigin): HttpAddress {
  if (!/^\/[^?#]*$/.test(path)) {
    throw new VenueError({
      ...blame,
      code: 'invalid-request',
      message: 'path: expected one that begins with / and holds neither ? nor #',
    });
  }
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/$/, '')}${path}`;
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.append(name, String(value));
  }
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return { url, place: `${url.host}${url.pathname}`, hostAndPort: `${url.hostname}:${port}` };
}

/** Who an error is told for. */
export interface ErrorOrigin {
  readonly venue: string;
  readonly operation: string;
}
