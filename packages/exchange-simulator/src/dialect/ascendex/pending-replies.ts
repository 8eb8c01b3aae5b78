import { settled } from '../../market/market.ts';

/** Replies to one client that are still to come. */
export interface PendingReplies {
  /**
   * Keeps a reply until it has come; some of them come at once.
   * @param act gives the reply.
   * @param begin starts to wait, and calls what it is given when the reply has come.
   */
  wait<Values extends unknown[]>(
    act: (...values: Values) => void,
    begin: (come: (...values: Values) => void) => Disposable,
  ): void;
  /** Gives up all of them. */
  close(): void;
}

/** Waits for nothing so far. */
export function createPendingReplies(): PendingReplies {
  const waiting = new Set<Disposable>();
  return {
    wait(act, begin) {
      const reply: { came: boolean; pending: Disposable | undefined } = { came: false, pending: undefined };
      const pending = begin((...values) => {
        reply.came = true;
        if (reply.pending !== undefined) waiting.delete(reply.pending);
        act(...values);
      });
      if (reply.came || pending === settled) return;
      reply.pending = pending;
      waiting.add(pending);
    },
    close() {
      for (const pending of waiting) pending[Symbol.dispose]();
    },
  };
}
