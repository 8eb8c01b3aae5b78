import type { Caller } from './caller.ts';
import { createPipe } from './frame-pipe.ts';
import { describeFault, type RequestFault } from './link-faults.ts';
import {
  bodyLine,
  createPartialBody,
  listHeaders,
  type PartialBody,
  type Reply,
  readReply,
  toHeaders,
} from './message-content.ts';
import type { Pipe } from './pipe.ts';
import type { TimerGroup } from './planned-timer.ts';
import type { Destination } from './stream-connection.ts';
import type { Connection, Link } from './virtual-link.ts';
import type { VirtualServer } from './virtual-server.ts';

/** What one request needs. */
export interface Call {
  readonly link: Link;
  readonly caller: Caller;
  readonly destination: Destination;
  readonly request: Request;
}

/** Statuses whose replies have no body. */
const bodiless = new Set([204, 205, 304]);

const empty: Uint8Array<ArrayBuffer> = new Uint8Array();

/**
 * One request, from the call to its answer. What it meets is decided in the call, so that requests meet faults in the order of
 * their calls. Only bodies come later, each in a step of its own at the same instant: how many turns of the queue of promises
 * it takes to read one differs between versions of Node.
 */
export class RequestExchange implements Connection {
  readonly #call: Call;
  readonly #name: string;
  readonly #toServer: Pipe;
  readonly #toClient: Pipe;
  readonly #answer = Promise.withResolvers<Response>();
  readonly #onAbort: () => void;
  #settled = false;
  /** True once the request was sent. */
  #left = false;
  /** True once the request has arrived, or never will. */
  #serverDone = false;
  #fault: RequestFault | undefined;
  /** The body of an answer that is there and not whole. */
  #partial: PartialBody | undefined;

  constructor(call: Call) {
    const { caller, destination, link, request } = call;
    this.#call = call;
    this.#name = `${link.name}/${link.nextNumber()}`;
    const connection = this.#name;
    this.#toServer = createPipe({ link, connection, direction: 'to-server', group: destination.group });
    this.#toClient = createPipe({ link, connection, direction: 'to-client', group: caller.group });
    this.#onAbort = () => caller.operate(() => this.#abort());
    request.signal.addEventListener('abort', this.#onAbort, { once: true });
    link.connections.add(this);
    caller.requests.add(this);
    this.#note('request', JSON.stringify([request.method, request.url, listHeaders(request.headers)]));
    if (link.refusal === undefined) this.#meetFault(link.takeRequestFault());
    else this.#meetRefusal(link.refusal);
    this.#readBody();
  }

  /** Settles with the answer; never, if none comes. */
  get response(): Promise<Response> {
    return this.#answer.promise;
  }

  abandon(): void {
    this.#settle();
  }

  cut(): void {
    this.#toServer.stop();
    this.#serverDone = true;
    this.#breakOff('ECONNRESET', 'read ECONNRESET');
    this.#forget();
  }

  #readBody(): void {
    const { caller, destination, request } = this.#call;
    if (request.body === null) {
      this.#leave(empty);
      return;
    }
    request.arrayBuffer().then(
      // The step is the server's: it comes also if the caller dies now.
      (body) => this.#plan(destination.group, 'body', () => this.#leave(new Uint8Array(body))),
      (error: unknown) => this.#plan(caller.group, 'body', () => this.#reject(error)),
    );
  }

  #leave(body: Uint8Array<ArrayBuffer>): void {
    if (body.byteLength > 0) this.#note(...bodyLine('request-body', body));
    // Given up, cut, or met by a fault before it was sent.
    if (this.#serverDone) return;
    this.#left = true;
    const delayMs = this.#fault?.type === 'delay-request' ? this.#fault.delayMs : 0;
    this.#toServer.push(0, () => this.#arrive(body), delayMs);
  }

  #meetFault(fault: RequestFault | undefined): void {
    if (fault === undefined) return;
    this.#fault = fault;
    this.#note('fault', describeFault(fault));
    if (fault.type === 'answer' && fault.reply.executed !== true)
      this.#never(() => this.#reply(scripted(fault.reply)));
    else if (fault.type === 'lose-request') this.#never();
    else if (fault.type === 'reset-before')
      this.#never(() => this.#breakOff('ECONNRESET', 'read ECONNRESET'));
  }

  #meetRefusal(refusal: NonNullable<Link['refusal']>): void {
    this.#note('refused', String(refusal));
    if (typeof refusal === 'number') this.#never(() => this.#reply(scripted({ status: refusal, body: '' })));
    else if (refusal === 'connection') this.#never(() => this.#refuse());
    else this.#never();
  }

  /** The server never sees this request. */
  #never(instead?: () => void): void {
    this.#serverDone = true;
    this.#toServer.stop();
    instead?.();
    this.#forget();
  }

  #refuse(): void {
    this.#breakOff('ECONNREFUSED', `connect ECONNREFUSED ${this.#call.link.authority}`);
  }

  #arrive(body: Uint8Array<ArrayBuffer>): void {
    this.#serverDone = true;
    this.#toServer.stop();
    this.#forget();
    this.#note('request-arrived', '');
    const { destination } = this.#call;
    const server = destination.server();
    if (server === undefined) {
      this.#refuse();
      return;
    }
    const execute = (reply: Reply): void =>
      this.#plan(destination.group, 'executed', () => this.#executed(reply));
    void this.#ask(server, body).then(execute);
  }

  async #ask(server: VirtualServer, body: Uint8Array<ArrayBuffer>): Promise<Reply> {
    const { headers, method, url } = this.#call.request;
    try {
      const request = new Request(url, { method, headers, ...(body.byteLength > 0 && { body }) });
      return await readReply(await server.fetch(request));
    } catch (error) {
      const { destination, link } = this.#call;
      link.time.fail(`${destination.group.name}/request`, error);
      return scripted({ status: 500, body: '' });
    }
  }

  #executed(reply: Reply): void {
    this.#noteReply('executed', reply);
    const fault = this.#fault;
    if (fault?.type === 'reset-after') this.#breakOff('ECONNRESET', 'read ECONNRESET');
    else if (fault?.type === 'answer') this.#reply(scripted(fault.reply));
    else if (fault?.type === 'delay-reply') this.#reply(reply, fault.delayMs);
    else if (fault?.type === 'break-body' || fault?.type === 'stall-body') {
      const ending = fault.type === 'break-body' ? 'break' : 'stall';
      this.#reply({ ...reply, ending, body: reply.body.slice(0, fault.afterBytes) });
    } else if (fault?.type !== 'lose-reply') this.#reply(reply);
  }

  #reply(reply: Reply, delayMs = 0): void {
    const isWhole = reply.ending === 'whole' || bodiless.has(reply.status);
    if (isWhole) {
      this.#toClient.finish(() => this.#give(reply, bodiless.has(reply.status) ? null : reply.body), delayMs);
      return;
    }
    const give = (): void => {
      this.#partial = createPartialBody(reply.body, () => void this.#settle());
      this.#give(reply, this.#partial.stream);
    };
    this.#toClient.push(0, give, delayMs);
    if (reply.ending === 'break')
      this.#toClient.finish(() => this.#failConnection('UND_ERR_SOCKET', 'other side closed'));
  }

  #give(reply: Reply, body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null): void {
    this.#noteReply('reply', reply);
    const { headers, status, statusText = '' } = reply;
    // An answer that is not whole can still be given up.
    if (this.#partial === undefined && !this.#settle()) return;
    this.#answer.resolve(new Response(body, { status, statusText, headers: toHeaders(headers) }));
  }

  #breakOff(code: string, message: string): void {
    this.#toClient.fail(() => this.#failConnection(code, message));
  }

  #failConnection(code: string, message: string): void {
    this.#note('failed', code);
    const what = this.#partial === undefined ? 'fetch failed' : 'terminated';
    this.#fail(new TypeError(what, { cause: Object.assign(new Error(message), { code }) }));
  }

  /** A request whose body cannot be read is not sent. */
  #reject(error: unknown): void {
    this.#never();
    this.#fail(error);
  }

  #fail(error: unknown): void {
    if (!this.#settle()) return;
    if (this.#partial === undefined) this.#answer.reject(error);
    else this.#partial.fail(error);
  }

  #abort(): void {
    this.#note('aborted', '');
    if (!this.#left) this.#never();
    this.#fail(this.#call.request.signal.reason);
  }

  /** Leaves nothing behind at the client; false if that was done before. */
  #settle(): boolean {
    if (this.#settled) return false;
    const { caller, request } = this.#call;
    this.#settled = true;
    request.signal.removeEventListener('abort', this.#onAbort);
    caller.requests.delete(this);
    this.#toClient.stop();
    this.#forget();
    return true;
  }

  #forget(): void {
    if (this.#settled && this.#serverDone) this.#call.link.connections.delete(this);
  }

  /** A step at this instant, when promise work has settled. */
  #plan(group: TimerGroup, what: string, fire: () => void): void {
    const { time } = this.#call.link;
    time.plan(group, { kind: 'delivery', dueUs: time.nowUs, label: `${this.#name} ${what}`, fire });
  }

  #noteReply(kind: string, { body, ending, headers, status }: Reply): void {
    this.#note(kind, JSON.stringify([status, listHeaders(headers), ending]));
    if (body.byteLength > 0) this.#note(...bodyLine(`${kind}-body`, body));
  }

  #note(kind: string, text: string): void {
    this.#call.link.time.trace.record(this.#name, kind, text);
  }
}

/** A reply that somebody made up. */
function scripted({ body, headers = {}, status }: Extract<RequestFault, { type: 'answer' }>['reply']): Reply {
  const bytes = new Uint8Array(Buffer.from(body));
  return { status, body: bytes, headers: Object.entries(headers), ending: 'whole' };
}
