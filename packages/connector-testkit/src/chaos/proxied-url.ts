import { VenueError } from '@venuekit/connector-core';

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'ws:': 80, 'https:': 443, 'wss:': 443 };

/**
 * `text` with the host and port of the proxy.
 * @throws VenueError `invalid-options` for text that is no URL, or a URL whose port is not `targetPort`: it would silently end up
 * at another server.
 */
export function proxiedUrl(
  text: string,
  targetPort: number,
  proxy: { readonly host: string; readonly port: number },
): string {
  const refuse = (got: string): VenueError =>
    new VenueError({
      code: 'invalid-options',
      operation: 'urlFor',
      message: `url: expected an http, https, ws or wss URL with port ${targetPort}, got ${got}`,
    });
  if (!URL.canParse(text)) throw refuse('text that is no URL');
  const url = new URL(text);
  const defaultPort = defaultPorts[url.protocol];
  if (defaultPort === undefined) throw refuse(`one with ${url.protocol}`);
  const port = url.port === '' ? defaultPort : Number(url.port);
  if (port !== targetPort) throw refuse(`port ${port}`);
  url.hostname = proxy.host.includes(':') ? `[${proxy.host}]` : proxy.host;
  url.port = String(proxy.port);
  const bare = url.pathname === '/' && url.search === '' && url.hash === '' && !text.endsWith('/');
  return bare ? url.href.slice(0, -1) : url.href;
}
