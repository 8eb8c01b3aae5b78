/** Taken when this module loads, so that a guard that replaces the global later does not stop the world. */
const nextTurn = globalThis.setImmediate;

/**
 * Resolves when all promise work has settled: one turn of the event loop comes only after every microtask. This is the one
 * real timer of a virtual world.
 */
export function settlePromises(): Promise<void> {
  return new Promise((resolve) => {
    nextTurn(resolve);
  });
}
