import type { VirtualServer, VirtualStreamSink, VirtualWorld } from '@venuekit/connector-kit/testing';

/** A toy venue: orders over HTTP, ticks and pongs on a stream. */
export interface ToyVenue extends VirtualServer {
  /** Bodies of the orders that reached it, in order. */
  readonly orders: readonly string[];
  /** Frames of clients, in order. */
  readonly frames: readonly string[];
  /** Open streams. */
  readonly streams: ReadonlySet<VirtualStreamSink>;
}

/** Makes a venue whose ticks come from the world's timers and chance. */
export function createToyVenue({ timers, random }: Pick<VirtualWorld, 'timers' | 'random'>): ToyVenue {
  const orders: string[] = [];
  const frames: string[] = [];
  const streams = new Set<VirtualStreamSink>();
  let ticks = 0;

  function openStream(_path: string, sink: VirtualStreamSink) {
    streams.add(sink);
    sink.send('hello');
    const tick = (): void => {
      if (!streams.has(sink)) return;
      ticks += 1;
      sink.send(`tick ${ticks} ${Math.floor(random.next('price') * 1_000)}`);
      timers.setTimer(40, tick, 'tick');
    };
    timers.setTimer(40, tick, 'tick');
    return {
      receive: (text: string) => {
        frames.push(text);
        if (text.startsWith('ping')) sink.send(text.replace('ping', 'pong'));
      },
      closed: () => void streams.delete(sink),
    };
  }

  async function fetch(request: Request): Promise<Response> {
    const body = await request.text();
    orders.push(body);
    return Response.json({ accepted: body });
  }

  return { orders, frames, streams, openStream, fetch };
}
