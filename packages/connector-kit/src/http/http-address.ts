import { VenueError } from '@venuekit/connector-core';

/** Values of a query by name; what is `undefined` is left out. */
export type HttpQuery = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where a request goes, and what may be said about it. Only the errors want it taken apart. */
export class HttpAddress {
  /** The whole of it, with the query, which may carry secrets. */
  readonly href: string;

  constructor(href: string) {
    this.href = href;
  }

  /** The query with its `?`; empty if there is none. */
  get search(): string {
    return new URL(this.href).search;
  }

  /** Host and path without the query. */
  get place(): string {
    const { host, pathname } = new URL(this.href);
    return `${host}${pathname}`;
  }

  /** Host and port, for errors of the connection. */
  get hostAndPort(): string {
    const { hostname, port, protocol } = new URL(this.href);
    return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
  }
}

/**
 * Reads the base of a venue's addresses.
 * @returns protocol, host and path without a `/` at the end.
 * @throws VenueError `invalid-options` unless it is an http or https URL without credentials, query and fragment.
 */
export function parseBaseUrl(baseUrl: string, venue: string): string {
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
  return `${url.origin}${url.pathname.replace(/\/$/, '')}`;
}

/**
 * The address of `path` and `query` under `base`. A path cannot lead to another host.
 * @throws VenueError `invalid-request` for a path that does not begin with `/`, or that holds a query, a fragment or a blank.
 */
export function toAddress(base: string, path: string, query: HttpQuery, blame: ErrorOrigin): HttpAddress {
  if (!/^\/[^?#\s\p{Cc}]*$/u.test(path)) {
    throw new VenueError({
      ...blame,
      code: 'invalid-request',
      message: 'path: expected one that begins with / and holds neither ?, # nor a blank',
    });
  }
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) asked.append(name, String(value));
  }
  const search = asked.size === 0 ? '' : `?${asked}`;
  return new HttpAddress(`${base}${path}${search}`);
}

/** Who an error is told for. */
export interface ErrorOrigin {
  readonly venue: string;
  readonly operation: string;
}
