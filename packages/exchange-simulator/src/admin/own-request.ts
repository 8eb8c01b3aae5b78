/** Names under which only this machine reaches itself. */
const ownNames: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);

/**
 * True for a request to this machine by its own name, from no page of another origin. A name of somebody else's may lead to the loopback
 * address as well: what a browser then sends has that name as its host.
 */
export function isOwnRequest({ url, headers }: Request): boolean {
  const host = headers.get('host') ?? new URL(url).host;
  const name = nameOf(`http://${host}`);
  if (name === undefined || !ownNames.has(name)) return false;
  const origin = headers.get('origin');
  return origin === null || origin === `http://${host}`;
}

function nameOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
