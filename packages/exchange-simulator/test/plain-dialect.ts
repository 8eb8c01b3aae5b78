import type {
  Caller,
  Dialect,
  FrameLabel,
  OpenDialect,
  StreamRequest,
  StreamSink,
} from '../src/dialect/dialect.ts';
import type { FaultControl } from '../src/faults/fault-control.ts';
import type { Venue } from '../src/venue/venue.ts';

/** A dialect so plain that a test sees the faults and nothing else: what the test publishes goes out as it is. */
export interface PlainDialect extends Dialect {
  /** The exchange that it serves, with all of its faults. */
  readonly venue: Venue & { readonly faults: FaultControl };
  /** Messages of clients, as they came to the dialect. */
  readonly heard: readonly string[];
  /** Requests that were served, as `GET /path`. */
  readonly served: readonly string[];
  /** What the dialect writes to, of the streams that are open. */
  readonly sinks: ReadonlySet<StreamSink>;
  /** Sends a text on every stream. */
  publish(text: string, label?: FrameLabel): void;
}

export const greeting = '{"m":"connected"}';

export function createPlainDialect(): PlainDialect {
  const sinks = new Set<StreamSink>();
  const heard: string[] = [];
  const served: string[] = [];
  let venue: Venue | undefined;

  function openStream(_request: StreamRequest, sink: StreamSink): ReturnType<OpenDialect['openStream']> {
    sinks.add(sink);
    sink.send(greeting, { channel: 'connected' });
    return {
      receive: (text) => void heard.push(text),
      pinged: (data) => sink.pong(data),
      drained: () => {},
      closed: () => void sinks.delete(sink),
    };
  }

  function answer(request: Request, _caller: Caller): Response {
    const { pathname } = new URL(request.url);
    served.push(`${request.method} ${pathname}`);
    if (pathname === '/time') return Response.json({ code: 0, data: { now: venue?.clock.now() } });
    return Response.json({ code: 0, data: { served: served.length, price: '1.50', side: 'Buy' } });
  }

  return {
    name: 'plain',
    ...{ heard, served, sinks },
    get venue() {
      if (venue === undefined) throw new Error('no exchange was opened');
      return venue as PlainDialect['venue'];
    },
    publish(text, label) {
      for (const sink of [...sinks]) sink.send(text, label);
    },
    nameUser: (number) => ({ uid: `U${number}`, cash: `cash${number}`, margin: `margin${number}` }),
    open(opened) {
      venue = opened;
      opened.market.open({
        ...{ deliver: () => {}, leftOut: () => {} },
        ...{ follows: () => false, wantsLevels: () => false, crowded: () => false },
      });
      return {
        streamPath: '/stream',
        isStream: (path) => path === '/stream',
        fetch: answer,
        refuseStream: () => undefined,
        openStream,
      };
    },
  };
}
