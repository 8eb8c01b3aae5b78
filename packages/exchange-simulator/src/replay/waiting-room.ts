/** Callbacks that wait for something that has a name. */
export interface WaitingRoom<Reply> {
  /** True if somebody waits for `key`. */
  has(key: string): boolean;
  /** Waits for `key`; disposing gives up. */
  add(key: string, callback: (reply: Reply) => void): Disposable;
  /** Calls everybody who waits for `key`, in the order of arrival. */
  release(key: string, reply: Reply): void;
}

/** Makes an empty room. */
export function createWaitingRoom<Reply>(): WaitingRoom<Reply> {
  const waiting = new Map<string, Set<(reply: Reply) => void>>();
  return {
    has: (key) => (waiting.get(key)?.size ?? 0) > 0,
    add(key, callback) {
      const callbacks = waiting.get(key) ?? new Set();
      waiting.set(key, callbacks);
      // A wrapper of its own keeps two waits with the same function apart.
      const own = (reply: Reply): void => callback(reply);
      callbacks.add(own);
      return { [Symbol.dispose]: () => callbacks.delete(own) };
    },
    release(key, reply) {
      const callbacks = waiting.get(key) ?? [];
      waiting.delete(key);
      for (const callback of callbacks) callback(reply);
    },
  };
}
