import type { FrameLabel, StreamSink } from '../dialect.ts';
import { type AscendexError, refusals } from './error-codes.ts';
import { encodeError, type MessageId } from './messages.ts';
import type { SessionContext } from './session-context.ts';

/** What goes out to one client. */
export interface ClientOutlet {
  /** Bytes that the client has not read yet. */
  readonly bufferedBytes: number;
  /** Sends one frame, unless the simulator has fallen silent. */
  push(text: string, label: FrameLabel): void;
  /** Answers a ping of the client's WebSocket, unless the simulator has fallen silent. */
  pong(data: Uint8Array): void;
  /** Says that a message cannot be served. */
  refuse(id: MessageId, info: string): void;
  /** Says that a message cannot be served, and why in the venue's words. */
  error(id: MessageId, error: AscendexError, info: string): void;
  /** Sends nothing more. */
  close(): void;
}

/** A client that lets more than this pile up does not read: it is cut before it takes the process down. */
const mostBufferedBytes = 1 << 26;

/**
 * Makes the outlet to one client.
 * @param overflow is called when the client does not read.
 */
export function createClientOutlet(
  { counters, faults }: Pick<SessionContext, 'counters' | 'faults'>,
  sink: StreamSink,
  overflow: () => void,
): ClientOutlet {
  let closed = false;

  function checkBuffer(): void {
    if (sink.bufferedBytes > mostBufferedBytes) overflow();
  }

  function push(text: string, label: FrameLabel): void {
    if (closed) return;
    if (faults.silent) {
      counters.withheld += 1;
      return;
    }
    counters.sent += 1;
    sink.send(text, label);
    checkBuffer();
  }

  function error(id: MessageId, refusal: AscendexError, info: string): void {
    push(encodeError(id, refusal, info), { channel: 'error' });
  }

  return {
    push,
    get bufferedBytes() {
      return sink.bufferedBytes;
    },
    pong(data) {
      if (closed || faults.silent) return;
      sink.pong(data);
      checkBuffer();
    },
    refuse: (id, info) => error(id, refusals.stream, info),
    error,
    close() {
      closed = true;
    },
  };
}
