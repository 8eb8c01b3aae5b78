import type { Writable } from 'node:stream';

/** Lets messages that are written to a socket at one moment leave together: a call of the system for each costs more than the message. */
export interface StreamBurst {
  /** Something is about to be written. What is written from now on leaves when everybody has had their say, before any timer or input. */
  begin(): void;
  /** What waits leaves now. */
  end(): void;
}

/** Beyond so many bytes nothing is kept back: a reader that is behind shows as such at once. */
const mostKeptBytes = 1 << 16;

const soon = Promise.resolve();

/** Makes the burst of one socket. */
export function createStreamBurst(socket: Pick<Writable, 'cork' | 'uncork' | 'writableLength'>): StreamBurst {
  let isOpen = false;

  function end(): void {
    if (!isOpen) return;
    isOpen = false;
    socket.uncork();
  }

  return {
    begin() {
      if (socket.writableLength > mostKeptBytes) end();
      else if (!isOpen) {
        isOpen = true;
        socket.cork();
        // Not the next tick, which comes after the answers of requests that are being served.
        void soon.then(end);
      }
    },
    end,
  };
}
