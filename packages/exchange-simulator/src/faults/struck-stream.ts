import type { Clock, Timers } from '@venuekit/connector-core';
import type { FrameLabel, StreamConnection, StreamRequest, StreamSink } from '../dialect/dialect.ts';
import type { FaultyStream } from './fault-ground.ts';
import type { ActiveFault, FaultRegister } from './fault-register.ts';
import type { Fault, FrameFaultKind } from './fault-types.ts';
import { frameKinds, type StruckFrame } from './frame-kinds.ts';
import { createSlowLink, type SlowLink } from './slow-link.ts';
import type { StreamCarrier } from './stream-carrier.ts';

/** What streams need of those who control the faults. */
export interface StreamSurroundings {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly register: FaultRegister;
  /** A fault strikes: told, counted, and ended if it has struck all that it was to strike. `act` happens in between. */
  strike(active: ActiveFault, symbol: string | undefined, act: () => void): void;
  /** Tells that a message was lost to a mute. */
  withheld(): void;
}

/** A message that goes out behind the next one that fits. */
interface HeldFrame {
  readonly fault: Fault;
  readonly text: string;
}

/** One stream: every message to its client passes here, and every one from it. */
export class StruckStream implements FaultyStream {
  readonly request: StreamRequest;
  readonly #surroundings: StreamSurroundings;
  readonly #carrier: StreamCarrier;
  readonly #link: SlowLink;
  readonly #late = new Set<Disposable>();
  /** Why nothing is sent and read, or nothing read. */
  readonly #freezes = new Set<object>();
  readonly #deafness = new Set<object>();
  readonly #unheard: string[] = [];
  #held: HeldFrame[] = [];
  #connection: StreamConnection | undefined;
  #gone = false;

  constructor(request: StreamRequest, carrier: StreamCarrier, surroundings: StreamSurroundings) {
    this.request = request;
    this.#carrier = carrier;
    this.#surroundings = surroundings;
    this.#link = createSlowLink(surroundings, (text) => this.#deliver(text));
  }

  /** What the dialect writes to. */
  sink(): StreamSink {
    const carrier = this.#carrier;
    const isSilent = (): boolean => this.#gone || this.#freezes.size > 0;
    const stream = this;
    return {
      send: (text, label) => this.#strikeOrSend(text, label),
      pong: (data) => {
        if (!isSilent()) carrier.pong(data);
      },
      cut: () => carrier.cut(),
      close: (code, reason) => {
        if (!isSilent()) carrier.close(code, reason);
      },
      get bufferedBytes() {
        return carrier.bufferedBytes + stream.#link.waitingBytes;
      },
    };
  }

  /** The dialect's end, as what carries the stream sees it. */
  connection(connection: StreamConnection): StreamConnection {
    this.#connection = connection;
    return {
      receive: (text) => this.#receive(text),
      pinged: (data) => {
        if (this.#freezes.size === 0) connection.pinged(data);
      },
      drained: () => connection.drained(),
      closed: () => {
        this.#end();
        connection.closed();
      },
    };
  }

  close(code: number, reason: string): void {
    if (this.#gone) return;
    this.#end();
    this.#connection?.closed();
    if (code === 1006) this.#carrier.cut();
    else this.#carrier.close(code, reason);
  }

  send(text: string): void {
    this.#link.send(text, this.#slowness());
  }

  ping(times: number): void {
    for (let time = 0; time < times && !this.#gone; time += 1) this.#carrier.ping?.();
  }

  freeze(): Disposable {
    return this.#stop(this.#freezes);
  }

  deafen(): Disposable {
    return this.#stop(this.#deafness);
  }

  #stop(reasons: Set<object>): Disposable {
    const reason = {};
    reasons.add(reason);
    this.#carrier.pause?.();
    return {
      [Symbol.dispose]: () => {
        reasons.delete(reason);
        if (this.#gone || this.#freezes.size + this.#deafness.size > 0) return;
        this.#carrier.resume?.();
        for (const text of this.#unheard.splice(0)) this.#connection?.receive(text);
      },
    };
  }

  #receive(text: string): void {
    if (this.#freezes.size > 0) return;
    if (this.#deafness.size > 0) this.#unheard.push(text);
    else this.#connection?.receive(text);
  }

  #end(): void {
    this.#gone = true;
    this.#link.close();
    for (const timer of this.#late) timer[Symbol.dispose]();
    this.#held = [];
  }

  #strikeOrSend(text: string, label: FrameLabel | undefined): void {
    if (this.#isMuted(label)) return;
    if (this.#held.length > 0 && this.#sendHeld(text, label)) return;
    if (!this.#isStruck(text, label)) this.send(text);
  }

  /** Sends what was waiting for this message behind it; false if nothing was. */
  #sendHeld(text: string, label: FrameLabel | undefined): boolean {
    const late = this.#held.filter(({ fault }) => this.#fits(fault, label));
    if (late.length === 0) return false;
    this.#held = this.#held.filter((frame) => !late.includes(frame));
    for (const next of [text, ...late.map((frame) => frame.text)]) this.send(next);
    return true;
  }

  #isStruck(text: string, label: FrameLabel | undefined): boolean {
    const { register, strike } = this.#surroundings;
    for (const active of register.at('frames')) {
      if (!this.#fits(active.fault, label)) continue;
      const act = frameKinds[active.fault.kind as FrameFaultKind].strike(this.#struck(active, text));
      if (act === undefined) continue;
      strike(active, label?.symbol, act);
      return true;
    }
    return false;
  }

  /** Market data is muted where it is published; this is for what is told to single customers. */
  #isMuted(label: FrameLabel | undefined): boolean {
    const { register, withheld } = this.#surroundings;
    if (register.at('market').length === 0 || label === undefined || !mutable.has(label.channel))
      return false;
    const mute = register.newest('mute', (fault) => this.#fits(fault, label));
    if (mute !== undefined) withheld();
    return mute !== undefined;
  }

  #fits(fault: Fault, label: FrameLabel | undefined): boolean {
    return (
      (fault.channel === undefined || fault.channel === label?.channel) &&
      (fault.symbol === undefined || fault.symbol === label?.symbol) &&
      fitsCaller(fault, this.request, this.request.path)
    );
  }

  #struck(active: ActiveFault, text: string): StruckFrame {
    const carrier = this.#carrier;
    const { fault, strikes } = active;
    return {
      ...{ fault, strikes, text },
      send: (edited) => this.send(edited),
      sendInPieces: (whole, bytes) => {
        if (carrier.sendInPieces === undefined) this.send(whole);
        else if (!this.#isQuiet()) carrier.sendInPieces(whole, bytes);
      },
      cutWithin: (whole) => this.#cutWithin(whole),
      sendLater: (late, seconds) => this.#sendLater(late, seconds),
      sendBehindNext: (held) => void this.#held.push({ fault, text: held }),
      sendAtEnd: (held) => this.#surroundings.register.onEnd(active, () => this.send(held)),
    };
  }

  #cutWithin(text: string): void {
    const carrier = this.#carrier;
    if (carrier.cutWithin === undefined || this.#isQuiet()) {
      this.close(1006, '');
      return;
    }
    this.#end();
    this.#connection?.closed();
    carrier.cutWithin(text);
  }

  #sendLater(text: string, seconds: number): void {
    const { timers } = this.#surroundings;
    const fire = (): void => {
      this.#late.delete(timer);
      this.send(text);
    };
    const timer = timers.setTimer(Math.max(0, seconds * 1_000), fire, 'late message');
    this.#late.add(timer);
  }

  #slowness(): Fault | undefined {
    const { register } = this.#surroundings;
    if (register.at('sockets').length === 0) return undefined;
    return register.newest('slow-link', (fault) => fitsCaller(fault, this.request, this.request.path))?.fault;
  }

  #isQuiet(): boolean {
    return this.#gone || this.#freezes.size > 0;
  }

  #deliver(text: string): void {
    if (!this.#isQuiet()) this.#carrier.send(text);
  }
}

/** Channels that a mute can strike here. */
const mutable: ReadonlySet<string> = new Set([
  'depth',
  'trades',
  'bbo',
  'bar',
  'depth-realtime',
  'order',
  'balance',
]);

/** True if a fault is meant for who comes from that address, to that path. */
export function fitsCaller(
  { address, path }: Fault,
  caller: { readonly address: string },
  to: string,
): boolean {
  return (address === undefined || address === caller.address) && (path === undefined || to.includes(path));
}
