import type { RestSubject } from './subject.ts';

/** The one that every ratio refers to. */
export const floor = 'fetch, text()';

/** Loads a subject; the others are not even read in its process. */
export const subjects: Readonly<Record<string, () => Promise<{ readonly subject: RestSubject }>>> = {
  [floor]: () => import('./subjects/fetch-text.ts'),
  'fetch, json()': () => import('./subjects/fetch-json.ts'),
  'fetch of a Request, text()': () => import('./subjects/fetch-request.ts'),
  'venuekit: createHttpClient': () => import('./subjects/venuekit-client.ts'),
  'venuekit: createHttpClient, limits of the connector': () => import('./subjects/venuekit-limited.ts'),
  'ky, no retries, no timeout': () => import('./subjects/ky.ts'),
  'ky, as it comes': () => import('./subjects/ky-defaults.ts'),
  'undici request': () => import('./subjects/undici-request.ts'),
  'undici Pool': () => import('./subjects/undici-pool.ts'),
  'node:http, Agent': () => import('./subjects/node-http.ts'),
};
