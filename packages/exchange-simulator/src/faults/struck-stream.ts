import type { Clock, Timers } from '@venuekit/connector-core';
import type { FrameLabel, StreamConnection, StreamRequest, StreamSink } from '../dialect/dialect.ts';
import type { FaultyStream, OnEnd } from './fault-ground.ts';
import type { ActiveFault, FaultRegister } from './fault-register.ts';
import type { Fault, FrameFaultKind } from './fault-types.ts';
import { frameKinds, type StruckFrame } from './frame-kinds.ts';
import { createKeptFrames, type KeptFrames } from './kept-frames.ts';
import { createSlowLink, type SlowLink } from './slow-link.ts';
import type { StreamCarrier } from './stream-carrier.ts';
import { createStreamEars, type StreamEars } from './stream-ears.ts';

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

/** One stream: every message to its client passes here, and every one from it. */
export class StruckStream implements FaultyStream {
  readonly request: StreamRequest;
  readonly #surroundings: StreamSurroundings;
  readonly #carrier: StreamCarrier;
  readonly #link: SlowLink;
  readonly #kept: KeptFrames;
  readonly #ears: StreamEars;
  #connection: StreamConnection | undefined;
  /** Nothing comes behind an end that was asked for. */
  #closing = false;
  /** An end that waits until something can be sent again. */
  #closeLater: (() => void) | undefined;
  /** True when the dialect has been told that it is gone. */
  #gone = false;

  constructor(request: StreamRequest, carrier: StreamCarrier, surroundings: StreamSurroundings) {
    this.request = request;
    this.#carrier = carrier;
    this.#surroundings = surroundings;
    this.#link = createSlowLink(surroundings, () => this.#drained());
    this.#kept = createKeptFrames({
      ...{ timers: surroundings.timers, register: surroundings.register },
      send: (texts) => {
        for (const text of texts) this.send(text);
        this.#drained();
      },
    });
    this.#ears = createStreamEars(carrier, () => this.#thaw());
  }

  /** What the dialect writes to. */
  sink(): StreamSink {
    const stream = this;
    const carrier = this.#carrier;
    return {
      send: (text, label) => this.#strikeOrSend(text, label),
      pong: (data) => {
        if (!this.#gone && !this.#ears.isFrozen) carrier.pong(data);
      },
      cut: () => carrier.cut(),
      close: (code, reason) => {
        if (!this.#gone) this.#closeInOrder(code, reason);
      },
      get bufferedBytes() {
        return (
          carrier.bufferedBytes + stream.#link.waitingBytes + stream.#kept.bytes + stream.#ears.waitingBytes
        );
      },
    };
  }

  /** The dialect's end, as what carries the stream sees it. */
  connection(connection: StreamConnection): StreamConnection {
    this.#connection = connection;
    return {
      receive: (text) => this.#ears.hear(() => this.#connection?.receive(text), text),
      pinged: (data) => this.#ears.hear(() => this.#connection?.pinged(data)),
      drained: () => this.#drained(),
      closed: () => {
        this.#leave();
        this.#link.close();
        this.#closeLater = undefined;
        this.#ears.forget();
        connection.closed();
      },
    };
  }

  close(code: number, reason: string): void {
    if (this.#gone) return;
    this.#leave();
    this.#connection?.closed();
    if (code === 1006) this.#carrier.cut();
    else this.#closeInOrder(code, reason);
  }

  send(text: string): void {
    if (!this.#isEnding()) this.#link.pass(text, this.#slowness(), () => this.#deliver(text));
  }

  ping(times: number): void {
    for (let time = 0; time < times && !this.#isEnding(); time += 1) this.#carrier.ping?.();
  }

  freeze(onEnd: OnEnd): void {
    this.#ears.freeze(onEnd);
  }

  deafen(onEnd: OnEnd): void {
    this.#ears.deafen(onEnd);
  }

  /** Says and hears nothing more; what is on its way still arrives. */
  #leave(): void {
    this.#gone = true;
    this.#kept.close();
    this.#ears.close();
  }

  #isEnding(): boolean {
    return this.#gone || this.#closing;
  }

  /** Behind what was sent before. */
  #closeInOrder(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    const close = (): void => {
      // Whoever does not read misses the answer to the handshake.
      this.#carrier.resume?.();
      this.#carrier.close(code, reason);
    };
    this.#link.pass('', this.#slowness(), () => {
      if (this.#ears.isFrozen) this.#closeLater = close;
      else close();
    });
  }

  #thaw(): void {
    const close = this.#closeLater;
    this.#closeLater = undefined;
    close?.();
  }

  #drained(): void {
    if (!this.#gone) this.#connection?.drained();
  }

  #strikeOrSend(text: string, label: FrameLabel | undefined): void {
    if (this.#isEnding() || this.#isMuted(label)) return;
    const behind = this.#takeBehind(label);
    if (behind.length > 0) for (const next of [text, ...behind]) this.send(next);
    else if (!this.#isStruck(text, label)) this.send(text);
  }

  #takeBehind(label: FrameLabel | undefined): readonly string[] {
    return this.#kept.hasBehind ? this.#kept.takeBehind((fault) => this.#fits(fault, label)) : nothing;
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
    const { fault, strikes } = active;
    return {
      ...{ fault, strikes, text },
      send: (edited) => this.send(edited),
      sendInPieces: (whole, bytes) => this.#sendInPieces(whole, bytes),
      cutWithin: (whole) => this.#cutWithin(whole),
      sendLater: (late, seconds) => this.#kept.keepFor(late, seconds),
      sendBehindNext: (held) => this.#kept.keepBehind(held, fault),
      sendAtEnd: (held) => this.#kept.keepUntilEnd(held, active),
    };
  }

  #sendInPieces(text: string, bytes: number): void {
    const carrier = this.#carrier;
    if (carrier.sendInPieces === undefined) this.send(text);
    else
      this.#link.pass(text, this.#slowness(), () => {
        if (!this.#ears.isFrozen) carrier.sendInPieces?.(text, bytes);
      });
  }

  #cutWithin(text: string): void {
    const carrier = this.#carrier;
    if (carrier.cutWithin === undefined || this.#ears.isFrozen) {
      this.close(1006, '');
      return;
    }
    this.#leave();
    this.#connection?.closed();
    carrier.cutWithin(text);
  }

  #slowness(): Fault | undefined {
    const { register } = this.#surroundings;
    if (register.at('sockets').length === 0) return undefined;
    return register.newest('slow-link', (fault) => fitsCaller(fault, this.request, this.request.path))?.fault;
  }

  #deliver(text: string): void {
    if (!this.#ears.isFrozen) this.#carrier.send(text);
  }
}

const nothing: readonly string[] = [];

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
