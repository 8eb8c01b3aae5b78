import type { Socket, SocketHandlers, SocketOptions } from '@venuekit/connector-core';
import type { Caller } from './caller.ts';
import { checkCloseFrame, closeTimeoutMs, tooLongReason } from './close-frame.ts';
import { FramePipe } from './frame-pipe.ts';
import type { TimerGroup } from './planned-timer.ts';
import type { Connection, Link } from './virtual-link.ts';
import type { VirtualServer, VirtualStream, VirtualStreamSink } from './virtual-server.ts';
import { toMicroseconds } from './virtual-time.ts';

/** A server, where one listens. */
export interface Destination {
  readonly group: TimerGroup;
  /** Looked up when something arrives. */
  server(): VirtualServer | undefined;
}

/** What one dial needs. */
export interface Dial {
  readonly link: Link;
  readonly caller: Caller;
  readonly destination: Destination;
  readonly url: URL;
  readonly options: SocketOptions;
  readonly handlers: SocketHandlers;
}

/** What a connection takes without its reader; the rest counts as buffered at the server. */
const windowBytes = 65_536;

/** Both ends of one WebSocket. */
export class StreamConnection implements Connection, Socket {
  readonly #dial: Dial;
  readonly #name: string;
  readonly #toServer: FramePipe;
  readonly #toClient: FramePipe;
  /** The client's end. `left`: dropped, and about to hear of it. */
  #state: 'dialling' | 'open' | 'closing' | 'left' | 'closed' = 'dialling';
  #stream: VirtualStream | undefined;
  #serverDone = false;
  #severed = false;
  /** True after a message that was too long: nothing is read any more. */
  #deaf = false;
  #closeTimer: Disposable | undefined;

  constructor(dial: Dial) {
    const { caller, destination, link } = dial;
    this.#dial = dial;
    this.#name = `${link.name}#${link.nextNumber()}`;
    const connection = this.#name;
    this.#toServer = new FramePipe(
      { link, connection, direction: 'to-server', group: destination.group },
      (text) => this.#stream?.receive(text),
    );
    this.#toClient = new FramePipe(
      { link, connection, direction: 'to-client', group: caller.group },
      (text) => this.#deliver(text),
    );
    link.connections.add(this);
    link.streams += 1;
    caller.sockets.add(this);
    this.#connect(link.refusal);
  }

  send(text: string): void {
    if (this.#state === 'open') this.#dial.caller.operate(() => this.#toServer.send(text));
  }

  close(code = 1_000, reason = ''): void {
    if (this.#state === 'dialling') this.terminate();
    else if (this.#state === 'open') this.#dial.caller.operate(() => this.#startClosing(code, reason));
  }

  terminate(): void {
    if (this.#state !== 'left' && this.#state !== 'closed') this.#dial.caller.operate(() => this.#leave());
  }

  abandon(): void {
    this.#state = 'closed';
    this.#dial.link.streams -= 1;
    this.#toClient.pipe.stop();
    this.#breakOff();
    this.#forget();
  }

  cut(): void {
    if (this.#severed) return;
    this.#severed = true;
    this.#toClient.pipe.fail(() => this.#endClient(1_006, 'connection reset'));
    this.#toServer.pipe.fail(() => this.#endServer());
  }

  #startClosing(code: number, reason: string): void {
    // As with `ws`, the socket is closing from here on, also where the frame is refused.
    this.#state = 'closing';
    checkCloseFrame(code, reason);
    this.#note('close-to-server', `${code} ${reason}`);
    this.#shakeHands(code, reason);
  }

  /** Says the end to the server, which says it back; a client that hears nothing ends by itself. */
  #shakeHands(code: number, reason: string): void {
    const { caller, link } = this.#dial;
    this.#toServer.pipe.finish(() => {
      this.#endServer();
      this.#toClient.pipe.finish(() => this.#endClient(code, reason));
    });
    this.#closeTimer ??= link.time.plan(caller.group, {
      kind: 'delivery',
      dueUs: link.time.nowUs + toMicroseconds(closeTimeoutMs),
      label: `${this.#name} close-timeout`,
      fire: () => this.#endClient(1_006, ''),
    });
  }

  #leave(): void {
    const { caller, link } = this.#dial;
    this.#state = 'left';
    this.#note('terminate-to-server', '');
    this.#toClient.pipe.stop();
    this.#breakOff();
    const fire = (): void => this.#endClient(1_006, '');
    const label = `${this.#name} terminated`;
    link.time.plan(caller.group, { kind: 'delivery', dueUs: link.time.nowUs, label, fire });
  }

  /** The client is gone without a handshake; what it could not hand to the system may be lost. */
  #breakOff(): void {
    const lost = this.#toServer.pipe.breakOff(windowBytes, () => this.#endServer());
    if (lost > 0) this.#note('lost-to-server', `${lost} at the end`);
  }

  #connect(refusal: Link['refusal']): void {
    const { options, url } = this.#dial;
    this.#note('dial', `${url.href} ${JSON.stringify(options.headers ?? {})}`);
    if (refusal !== undefined) this.#note('refused', String(refusal));
    if (refusal === 'connection') this.#refuse(undefined);
    else if (typeof refusal === 'number') this.#refuse(refusal);
    else if (refusal === undefined) this.#toServer.pipe.push(0, () => this.#accept());
  }

  #refuse(httpStatus: number | undefined): void {
    const { host } = this.#dial.url;
    const reason =
      httpStatus === undefined ? `connect ECONNREFUSED ${host}` : `upgrade refused with HTTP ${httpStatus}`;
    this.#serverDone = true;
    this.#toServer.pipe.stop();
    this.#toClient.pipe.finish(() => this.#endClient(1_006, reason, httpStatus));
  }

  #accept(): void {
    const server = this.#dial.destination.server();
    if (server === undefined) this.#refuse(undefined);
    else this.#offer(server);
  }

  #offer(server: VirtualServer): void {
    const { options, url } = this.#dial;
    // The greeting of a server must not come before the news that the stream is open.
    let early: (() => void)[] | undefined = [];
    const sink = this.#sink((act) => (early === undefined ? act() : early.push(act)));
    let answer: ReturnType<VirtualServer['openStream']>;
    try {
      answer = server.openStream(url.pathname + url.search, sink, options.headers ?? {});
    } catch (error) {
      this.#refuse(500);
      throw error;
    }
    const greeting = early;
    early = undefined;
    if ('refusedWith' in answer) {
      this.#refuse(answer.refusedWith);
      return;
    }
    this.#stream = answer;
    this.#toClient.pipe.push(0, () => this.#open());
    for (const act of greeting) act();
  }

  #sink(run: (act: () => void) => void): VirtualStreamSink {
    const { pipe } = this.#toClient;
    const act = (does: () => void): void => run(() => this.#serverDone || does());
    return {
      send: (text) => act(() => this.#toClient.send(text)),
      pong: (data) => act(() => this.#note('pong-to-client', Buffer.from(data).toString('base64'))),
      cut: () => act(() => this.#cutByServer()),
      close: (code, reason) => act(() => this.#closeByServer(code, reason)),
      get bufferedBytes() {
        return Math.max(0, pipe.bytes - windowBytes);
      },
    };
  }

  /** The server itself knows at once, also where the network tells nobody. */
  #cutByServer(): void {
    const { destination, link } = this.#dial;
    this.#note('cut-by-server', '');
    this.#toClient.pipe.fail(() => this.#endClient(1_006, 'connection reset'));
    this.#toServer.pipe.stop();
    const fire = (): void => this.#endServer();
    const label = `${this.#name} cut`;
    link.time.plan(destination.group, { kind: 'delivery', dueUs: link.time.nowUs, label, fire });
  }

  #closeByServer(code: number, reason: string): void {
    this.#note('close-to-client', `${code} ${reason}`);
    this.#toClient.pipe.finish(() => {
      this.#toServer.pipe.finish(() => this.#endServer());
      this.#endClient(code, reason);
    });
  }

  #open(): void {
    if (this.#state !== 'dialling') return;
    this.#state = 'open';
    this.#note('opened', '');
    this.#dial.handlers.opened();
  }

  #deliver(text: string): void {
    const bytes = Buffer.from(text);
    const { handlers, options } = this.#dial;
    // What it took from the buffer is known to the server a little later; here at once.
    if (this.#toClient.pipe.bytes + bytes.byteLength > windowBytes) this.#stream?.drained?.();
    if (this.#deaf) return;
    if (bytes.byteLength > options.maxMessageBytes) {
      this.#refuseMessage(bytes.byteLength);
      return;
    }
    try {
      handlers.message(bytes);
    } finally {
      // The bytes are the receiver's only during the call; whoever keeps them is found out.
      bytes.fill(0);
    }
  }

  /** As `ws`: it tells the server 1009 and reads nothing more, not even the answer to that. */
  #refuseMessage(bytes: number): void {
    const { maxMessageBytes } = this.#dial.options;
    this.#deaf = true;
    if (this.#state === 'open') this.#state = 'closing';
    this.#note('close-to-server', `1009 expected at most ${maxMessageBytes} bytes, got ${bytes}`);
    this.#shakeHands(1_006, '');
  }

  #endClient(toldCode: number, toldReason: string, httpStatus?: number): void {
    const { handlers, link } = this.#dial;
    const code = this.#deaf ? 1_006 : toldCode;
    const reason = this.#deaf ? tooLongReason : toldReason;
    this.#state = 'closed';
    this.#closeTimer?.[Symbol.dispose]();
    link.streams -= 1;
    this.#toClient.pipe.stop();
    this.#note('closed-at-client', `${code} ${reason}`);
    this.#forget();
    handlers.closed(code, reason, httpStatus);
  }

  #endServer(): void {
    if (this.#serverDone) return;
    this.#serverDone = true;
    this.#toServer.pipe.stop();
    this.#note('closed-at-server', '');
    this.#forget();
    this.#stream?.closed();
  }

  #forget(): void {
    const { caller, link } = this.#dial;
    if (this.#state === 'closed') caller.sockets.delete(this);
    if (this.#state === 'closed' && this.#serverDone) link.connections.delete(this);
  }

  #note(kind: string, text: string): void {
    this.#dial.link.time.trace.record(this.#name, kind, text);
  }
}
