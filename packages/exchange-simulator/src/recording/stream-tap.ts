import type { StreamConnection } from '../dialect/dialect.ts';
import type { StreamCarrier } from '../faults/stream-carrier.ts';
import { closedWith } from './connection-end.ts';
import type { ConnectionEnd } from './recorded-session.ts';

/** Takes down what passes over one stream. */
export interface StreamTape {
  /** The client is about to be sent a frame. */
  received(text: string): void;
  /** The client has sent a frame. */
  sent(text: string): void;
  /** The stream has ended; only the first time counts. */
  end(end: ConnectionEnd): void;
}

/**
 * A sink that does what `sink` does, and tells `tape` first: in memory, a client answers, and comes back, before a call returns.
 */
export function tapSink(sink: StreamCarrier, tape: StreamTape): StreamCarrier {
  return {
    send(text, label) {
      tape.received(text);
      sink.send(text, label);
    },
    pong: (data) => sink.pong(data),
    cut() {
      tape.end({ how: 'cut' });
      sink.cut();
    },
    close(code, reason) {
      tape.end(closedWith(code));
      sink.close(code, reason);
    },
    get bufferedBytes() {
      return sink.bufferedBytes;
    },
    ...tapExtras(sink, tape),
  };
}

/** What only a real socket can do. A message in pieces arrives whole; one that the stream is cut within never does. */
function tapExtras(
  { sendInPieces, cutWithin, ping, pause, resume }: StreamCarrier,
  tape: StreamTape,
): Partial<StreamCarrier> {
  return {
    ...(sendInPieces && {
      sendInPieces(text: string, bytes: number) {
        tape.received(text);
        sendInPieces(text, bytes);
      },
    }),
    ...(cutWithin && {
      cutWithin(text: string) {
        tape.end({ how: 'cut' });
        cutWithin(text);
      },
    }),
    ...(ping && { ping }),
    ...(pause && { pause }),
    ...(resume && { resume }),
  };
}

/** A stream that does what `stream` does, and tells `tape` first. A stream that is gone without having been ended was left. */
export function tapConnection(stream: StreamConnection, tape: StreamTape): StreamConnection {
  return {
    receive(text) {
      tape.sent(text);
      stream.receive(text);
    },
    pinged: (data) => stream.pinged(data),
    drained: () => stream.drained(),
    closed() {
      tape.end({ how: 'left' });
      stream.closed();
    },
  };
}
