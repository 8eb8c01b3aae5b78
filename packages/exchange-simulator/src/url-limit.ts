/** A longer URL, from the path on, is refused. */
const longestUrl = 2_048;

/** True for a path with its query that is refused with 414. */
export function isTooLong(pathAndQuery: string): boolean {
  return pathAndQuery.length > longestUrl;
}

/** The answer to a request whose URL is too long. */
export function refuseUrl(): Response {
  const message = `expected a URL of at most ${longestUrl} characters`;
  return Response.json({ code: 414, reason: 'URI_TOO_LONG', message }, { status: 414 });
}
