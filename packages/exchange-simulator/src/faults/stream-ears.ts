import type { OnEnd } from './fault-ground.ts';
import type { StreamCarrier } from './stream-carrier.ts';

/** The server's ears of one stream, which faults can stop. */
export interface StreamEars {
  /** True while nothing is sent and read: what comes is lost. */
  readonly isFrozen: boolean;
  /** Bytes that came and wait to be heard. */
  readonly waitingBytes: number;
  /** Something has come; `text` says how much. */
  hear(act: () => void, text?: string): void;
  /** Nothing is heard, and what comes is lost, until the fault ends. */
  freeze(onEnd: OnEnd): void;
  /** Nothing is heard, and what comes waits, until the fault ends. */
  deafen(onEnd: OnEnd): void;
  /** Hears nothing more. */
  close(): void;
  /** The stream is gone: no fault has to thaw it any more. */
  forget(): void;
}

/**
 * Makes ears that hear.
 * @param thawed is called when they are not frozen any more.
 */
export function createStreamEars(carrier: StreamCarrier, thawed: () => void): StreamEars {
  const freezes = new Set<object>();
  const deafness = new Set<object>();
  const endings = new Map<object, Disposable>();
  /** What to do about what came while nobody listened. */
  let unheard: (() => void)[] = [];
  let waitingBytes = 0;
  let closed = false;

  function stop(reasons: Set<object>, onEnd: OnEnd): void {
    const reason = {};
    reasons.add(reason);
    carrier.pause?.();
    const end = (): void => {
      endings.delete(reason);
      reasons.delete(reason);
      if (reasons === freezes && freezes.size === 0) thawed();
      if (!closed && freezes.size + deafness.size === 0) listen();
    };
    endings.set(reason, onEnd(end));
  }

  function listen(): void {
    carrier.resume?.();
    const waiting = unheard;
    drop();
    for (const act of waiting) if (!closed) act();
  }

  function drop(): void {
    unheard = [];
    waitingBytes = 0;
  }

  return {
    get isFrozen() {
      return freezes.size > 0;
    },
    get waitingBytes() {
      return waitingBytes;
    },
    hear(act, text = '') {
      if (closed || freezes.size > 0) return;
      if (deafness.size === 0) {
        act();
        return;
      }
      unheard.push(act);
      waitingBytes += Buffer.byteLength(text);
    },
    freeze: (onEnd) => stop(freezes, onEnd),
    deafen: (onEnd) => stop(deafness, onEnd),
    close() {
      closed = true;
      drop();
    },
    forget() {
      for (const ending of endings.values()) ending[Symbol.dispose]();
      endings.clear();
    },
  };
}
