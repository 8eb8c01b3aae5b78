const lost: WeakSet<object> = new WeakSet();

/** How a platform's own fetch fails when its connection is reset. */
export function createLostConnection(): TypeError {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const error = new TypeError('fetch failed', { cause });
  lost.add(error);
  return error;
}

/** True for an error that stands for a connection that was reset: over a socket it is to be reset in truth. */
export function isLostConnection(error: unknown): boolean {
  return typeof error === 'object' && error !== null && lost.has(error);
}
