import { createDepthPipeline, type DepthPipeline } from '../../../packages/ascendex-spot/src/index.ts';
import { encodeDepthSnapshotRequest } from '../../../packages/ascendex-wire/src/index.ts';
import type { BookReading, LoadAddress, LoadMarket } from '../load-plan.ts';
import type { LoadClient, LoadSubject, Look, SubjectReading } from '../subject.ts';
import { answerPing, openStreams, subscribe, type WsStream } from './ws-streams.ts';

/** Levels a side that a snapshot of the venue holds at most. */
const snapshotDepth = 500;
const symbolKey = Buffer.from('"symbol":"');
const quote = 0x22;

type Socket = WsStream['socket'];

interface Follower {
  readonly symbol: string;
  readonly pipeline: DepthPipeline;
  applied: number;
}

/** Without a connector: a pipeline for each symbol, behind plain sockets. */
export const subject: LoadSubject = {
  async open(address, look) {
    const client = new PipelineClient(address, look);
    await client.connect(address);
    return client;
  },
};

class PipelineClient implements LoadClient {
  readonly #look: Look;
  readonly #followers: ReadonlyMap<string, Follower>;
  readonly #live: PromiseWithResolvers<void> = Promise.withResolvers();
  /** Books that have their snapshot. */
  #joined = 0;
  #received = 0;
  #troubles = 0;
  #asked = 0;

  constructor({ markets }: LoadAddress, look: Look) {
    this.#look = look;
    this.#followers = new Map(markets.map((market) => [market.symbol, followerOf(market)]));
  }

  /** Resolves when all books are live. */
  async connect(address: LoadAddress): Promise<void> {
    for (const stream of await openStreams(address)) {
      const { socket } = stream;
      socket.on('message', (data) => this.#hear(data as Buffer, socket));
      socket.on('close', () => {
        this.#troubles += 1;
      });
      subscribe(stream);
    }
    await this.#live.promise;
  }

  read(): SubjectReading {
    return { received: this.#received, troubles: this.#troubles, ownAudits: 0 };
  }

  books(): readonly BookReading[] {
    return [...this.#followers.values()].map(({ symbol, pipeline, applied }) => ({
      ...{ symbol, applied, sequence: pipeline.sequence?.toString() },
    }));
  }

  visit(look: Look): void {
    for (const follower of this.#followers.values()) show(follower, look);
  }

  #hear(frame: Buffer, socket: Socket): void {
    const follower = this.#followers.get(symbolOf(frame));
    if (follower === undefined) this.#hearOther(frame.toString(), socket);
    else this.#take(frame, follower, socket);
  }

  #take(frame: Buffer, follower: Follower, socket: Socket): void {
    const { pipeline, symbol } = follower;
    const { state } = pipeline;
    const step = pipeline.take(frame);
    if (step.fault !== undefined) this.#troubles += 1;
    if (step.snapshot !== undefined) this.#ask(socket, symbol);
    if (state !== 'live') {
      if (step.joined === true) this.#join();
      return;
    }
    this.#received += 1;
    if (!step.changed) return;
    follower.applied += 1;
    show(follower, this.#look);
  }

  #join(): void {
    this.#joined += 1;
    if (this.#joined === this.#followers.size) this.#live.resolve();
  }

  /** Books are asked for when their subscription is confirmed. */
  #hearOther(text: string, socket: Socket): void {
    answerPing(socket, text);
    if (!text.startsWith('{"m":"sub"')) return;
    const { ch } = JSON.parse(text) as { readonly ch: string };
    for (const symbol of ch.slice('depth:'.length).split(',')) this.#ask(socket, symbol);
  }

  #ask(socket: Socket, symbol: string): void {
    this.#asked += 1;
    socket.send(encodeDepthSnapshotRequest(symbol, `snapshot${this.#asked}`));
  }
}

function followerOf({ symbol, priceScale, amountScale }: LoadMarket): Follower {
  const pipeline = createDepthPipeline({ symbol, priceScale, amountScale, snapshotDepth });
  return { symbol, pipeline, applied: 0 };
}

function show({ symbol, pipeline }: Follower, look: Look): void {
  if (pipeline.sequence !== undefined) look(symbol, pipeline.sequence, () => pipeline.book.content());
}

/** Empty if the frame is about no symbol. */
function symbolOf(frame: Buffer): string {
  const at = frame.indexOf(symbolKey);
  if (at < 0) return '';
  const start = at + symbolKey.length;
  return frame.toString('latin1', start, frame.indexOf(quote, start));
}
