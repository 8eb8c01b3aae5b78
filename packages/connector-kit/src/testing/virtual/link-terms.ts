import { VenueError } from '@venuekit/connector-core';

/** Refuses a count that is no whole number from 0. */
export function checkCount(what: string, count: number): void {
  if (!(Number.isSafeInteger(count) && count >= 0)) throw refusal(what, 'a whole number from 0', count);
}

/** Refuses a delay that is no number of milliseconds from 0. */
export function checkDelay(what: string, delayMs: number): void {
  if (!(delayMs >= 0 && delayMs < Infinity)) throw refusal(what, 'milliseconds from 0', delayMs);
}

/** Refuses what is no status of a reply. */
export function checkStatus(what: string, status: number): void {
  if (!(Number.isSafeInteger(status) && status >= 200 && status <= 599))
    throw refusal(what, 'a status from 200 to 599', status);
}

/** Refuses what is not one of a few words. */
export function checkWord(what: string, words: readonly string[], word: string): void {
  if (!words.includes(word)) throw refusal(what, words.join(' or '), word);
}

/**
 * The name of a place: an authority in lower case, without the ports of HTTP and HTTPS.
 * @throws VenueError `invalid-options` for what is more or less than an authority, such as a URL.
 */
export function placeName(what: string, authority: string): string {
  const address = `https://${authority}/`;
  if (/[/?#@\\\s]/.test(authority) || !URL.canParse(address))
    throw refusal(what, 'an authority, such as venue.test or venue.test:8080', JSON.stringify(authority));
  return new URL(address).host.replace(/:80$/, '');
}

function refusal(what: string, expected: string, got: unknown): VenueError {
  return new VenueError({
    code: 'invalid-options',
    message: `${what}: expected ${expected}, got ${String(got)}`,
  });
}
