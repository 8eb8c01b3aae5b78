import type { Runtime, Socket } from '@venuekit/connector-core';
import {
  createVirtualWorld,
  type VirtualLink,
  type VirtualProcess,
  type VirtualStream,
  type VirtualStreamSink,
  type VirtualWorld,
} from '@venuekit/connector-kit/testing';

/** One process, one server, and the streams between them, with what each end has heard. */
export interface VirtualStage {
  readonly world: VirtualWorld;
  readonly link: VirtualLink;
  readonly client: VirtualProcess;
  readonly runtime: Runtime;
  /** The server's ends, in order. */
  readonly sinks: VirtualStreamSink[];
  /** What the server heard. */
  readonly heard: string[];
  /** What the client heard. */
  readonly story: string[];
  /** Bodies of requests that the server executed. */
  readonly executed: string[];
  dial(url?: string, maxMessageBytes?: number): Socket;
  /** Dials and runs until the stream is open. */
  open(): Promise<Socket>;
}

const text = new TextDecoder();

/** Makes a stage with a server that greets nobody and answers every request with its own body. */
export function createVirtualStage(seed = 'stage', server: Partial<VirtualStream> = {}): VirtualStage {
  const world = createVirtualWorld({ seed, keepTrace: true });
  const sinks: VirtualStreamSink[] = [];
  const heard: string[] = [];
  const story: string[] = [];
  const executed: string[] = [];
  world.network.listen('venue.test', {
    fetch: async (request) => {
      const body = await request.text();
      executed.push(body);
      return new Response(`did ${body}`, { status: 201, headers: { 'x-venue': request.method } });
    },
    openStream: (path, sink) => {
      if (path === '/refused') return { refusedWith: 429 };
      sinks.push(sink);
      return {
        receive: (frame) => void heard.push(frame),
        closed: () => void heard.push('(closed)'),
        ...server,
      };
    },
  });
  const client = world.process('client');
  const { runtime } = client.start();
  const dial = (url = 'ws://venue.test/stream', maxMessageBytes = 1_000_000): Socket =>
    runtime.openSocket(
      url,
      { maxMessageBytes },
      {
        opened: () => void story.push('(opened)'),
        message: (bytes) => void story.push(text.decode(bytes)),
        closed: (...how) => void story.push(`(closed ${how.filter((part) => part !== undefined).join(' ')})`),
      },
    );
  const open = async (): Promise<Socket> => {
    const socket = dial();
    const opened = story.length + 1;
    await world.run({ until: () => story.length === opened });
    return socket;
  };
  const link = world.network.link('client', 'venue.test');
  return { world, link, client, runtime, sinks, heard, story, executed, dial, open };
}
