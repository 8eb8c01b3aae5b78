import type { Caller } from './caller.ts';
import { createPipe } from './frame-pipe.ts';
import type { RequestFault } from './link-faults.ts';
import type { Pipe } from './pipe.ts';
import type { Destination } from './stream-connection.ts';
import type { Connection, Link } from './virtual-link.ts';

/** What one request needs. */
export interface Call {
  readonly link: Link;
  readonly caller: Caller;
  readonly destination: Destination;
  readonly request: Request;
}

/** A reply as it travels. */
interface Reply {
  readonly status: number;
  readonly statusText?: string;
  readonly body: string;
  readonly headers?: Iterable<readonly [string, string]>;
}

/** Statuses whose replies have no body. */
const bodiless = new Set([204, 205, 304]);

/** One request, from the call to its answer. */
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
  #fault: RequestFault['type'] | undefined;

  constructor(call: Call) {
    const { caller, destination, link, request } = call;
    this.#call = call;
    this.#name = `${link.name}/${link.nextNumber()}`;
    const connection = this.#name;
    this.#toServer = createPipe({ link, connection, direction: 'to-server', group: destination.group });
    this.#toClient = createPipe({ link, connection, direction: 'to-client', group: caller.group });
    this.#onAbort = () => this.#abort();
    request.signal.addEventListener('abort', this.#onAbort, { once: true });
    link.connections.add(this);
    caller.requests.add(this);
    // The body is read as promise work of the same step; only then there is something to send.
    if (request.body === null) this.#leave('');
    else
      request.text().then(
        (body) => this.#leave(body),
        (error: unknown) => this.#reject(error),
      );
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
  }

  #leave(body: string): void {
    const { link, request } = this.#call;
    // Given up, or cut, before it was sent.
    if (this.#serverDone) return;
    this.#left = true;
    this.#note('request', `${request.method} ${request.url} ${body}`);
    if (link.refusal !== undefined) this.#meetRefusal(link.refusal);
    else this.#meetFault(link.takeRequestFault(), body);
  }

  #meetFault(fault: RequestFault | undefined, body: string): void {
    this.#fault = fault?.type;
    if (fault !== undefined) this.#note('fault', fault.type);
    if (fault?.type === 'answer') {
      const { headers = {}, ...reply } = fault.reply;
      this.#never(() => this.#reply({ ...reply, headers: Object.entries(headers) }));
    } else if (fault?.type === 'lose-request') this.#never();
    else if (fault?.type === 'reset-before')
      this.#never(() => this.#breakOff('ECONNRESET', 'read ECONNRESET'));
    else this.#toServer.push(0, () => this.#arrive(body));
  }

  #meetRefusal(refusal: NonNullable<Link['refusal']>): void {
    this.#note('refused', String(refusal));
    if (typeof refusal === 'number') this.#never(() => this.#reply({ status: refusal, body: '' }));
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

  #arrive(body: string): void {
    this.#serverDone = true;
    this.#toServer.stop();
    this.#forget();
    this.#note('request arrived', '');
    const server = this.#call.destination.server();
    if (server === undefined) {
      this.#refuse();
      return;
    }
    const { headers, method, url } = this.#call.request;
    const request = new Request(url, { method, headers, ...(body !== '' && { body }) });
    void this.#serve(async () => server.fetch(request));
  }

  async #serve(ask: () => Promise<Response>): Promise<void> {
    let reply: Reply;
    try {
      const response = await ask();
      const { headers, status, statusText } = response;
      reply = { status, statusText, headers: [...headers], body: await response.text() };
    } catch (error) {
      const { destination, link } = this.#call;
      link.time.fail(`${destination.group.name}/request`, error);
      reply = { status: 500, body: '' };
    }
    this.#note('executed', `${reply.status} ${reply.body}`);
    if (this.#fault === 'reset-after') this.#breakOff('ECONNRESET', 'read ECONNRESET');
    else if (this.#fault !== 'lose-reply') this.#reply(reply);
  }

  #reply(reply: Reply): void {
    this.#toClient.finish(() => {
      this.#note('reply', `${reply.status} ${reply.body}`);
      if (!this.#settle()) return;
      const { headers = [], status, statusText = '' } = reply;
      const body = bodiless.has(status) ? null : reply.body;
      this.#answer.resolve(new Response(body, { status, statusText, headers: toHeaders(headers) }));
    });
  }

  #breakOff(code: 'ECONNREFUSED' | 'ECONNRESET', message: string): void {
    this.#toClient.fail(() => {
      this.#note('failed', code);
      this.#fail(new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) }));
    });
  }

  /** A request whose body cannot be read is not sent. */
  #reject(error: unknown): void {
    this.#never();
    this.#fail(error);
  }

  #fail(error: unknown): void {
    if (this.#settle()) this.#answer.reject(error);
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

  #note(kind: string, text: string): void {
    this.#call.link.time.trace.record(this.#name, kind, text);
  }
}

function toHeaders(entries: Iterable<readonly [string, string]>): Headers {
  const headers = new Headers();
  for (const [name, value] of entries) headers.append(name, value);
  return headers;
}
