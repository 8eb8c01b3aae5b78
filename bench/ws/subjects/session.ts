import type { VenueError } from '../../../packages/connector-core/src/index.ts';
import { createVenueLimiter } from '../../../packages/connector-kit/src/limits/index.ts';
import { createSystemRuntime } from '../../../packages/connector-kit/src/runtime/index.ts';
import { createStreamSession, type StreamDialect } from '../../../packages/connector-kit/src/stream/index.ts';
import type { WsSubject } from '../subject.ts';

/** Of a venue that says nothing but data. */
const dialect: StreamDialect<never> = {
  readyOn: 'open',
  decode: () => {
    throw new Error('expected every message to be taken as bytes, got one that was not');
  },
  control: () => undefined,
  encodeSubscribe: () => '',
  encodeUnsubscribe: () => '',
  encodePing: () => '{"op":"ping"}',
  encodePong: () => '{"op":"pong"}',
};

/** The session of connectors, which looks after the connection: silence, limits, what is subscribed. */
export const subject: WsSubject = {
  async open(url) {
    const runtime = createSystemRuntime();
    const limiter = createVenueLimiter({
      ...{ runtime, venue: 'bench' },
      limits: [{ id: 'all', scope: 'ip', windows: [{ capacity: 100, windowMs: 1_000 }] }],
    });
    let hear = (_frame: Buffer): void => {};
    const session = createStreamSession({
      ...{ runtime, venue: 'bench', url, dialect },
      takeBytes(bytes) {
        hear(bytes as Buffer);
        return true;
      },
      onMessage() {},
      onState() {},
      onRefusedFrame: (error: VenueError) => {
        throw error;
      },
      limits: { limiter, dial: 'all', subscribe: 'all', scope: 'ip' },
    });
    await session.connect();
    return {
      listen(next) {
        hear = next;
      },
      send: (text) => void session.send(text),
    };
  },
};
