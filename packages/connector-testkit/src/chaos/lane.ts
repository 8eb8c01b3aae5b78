import type { Socket } from 'node:net';
import type { Runtime } from '@venuekit/connector-core';
import { createEffect, type Effect, type Parcel } from './effect.ts';
import type { AddedToxic, ToxicDirection } from './toxic.ts';

/** What a lane is made of. */
export interface LaneOptions {
  readonly direction: ToxicDirection;
  readonly source: Socket;
  readonly destination: Socket;
  /** Names the lane; what is drawn depends on it. */
  readonly key: string;
  readonly runtime: Pick<Runtime, 'timers' | 'clock'>;
  /** So many bytes were handed to the destination. */
  passed(bytes: number): void;
  /** A toxic wants the connection dead. */
  died(how: 'reset' | 'end'): void;
  /** The source was reset, and it is time to tell the destination. */
  resetArrived(): void;
}

/** A lane that holds this much reads no more, so that the sender feels it. */
const mostBytes = 262_144;
/** The same in parcels: small ones cost more than their bytes. */
const mostParcels = 1_024;

/**
 * One direction of one connection: reads the source, keeps back what the toxics say, and hands over one piece at a time, in
 * order. What to do next is worked out anew at every event, so that toxics act on waiting bytes as soon as they come or go.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #effects = new Map<AddedToxic, Effect>();
  readonly #queue: Parcel[] = [];
  #queuedBytes = 0;
  #lastNumber = 0;
  #held = false;
  #abandoned = false;
  #writing = false;
  #timer: { readonly dueMs: number; readonly handle: Disposable } | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    options.source.on('data', (bytes: Buffer) => this.#take('bytes', bytes));
    options.source.on('end', () => this.#take('end'));
  }

  /** Lets a toxic act, if it acts this way. Call `advance` afterwards. */
  add(added: AddedToxic): void {
    const { direction, key } = this.#options;
    const { toxic } = added;
    if ('direction' in toxic && toxic.direction !== undefined && toxic.direction !== direction) return;
    this.#effects.set(added, createEffect(toxic, `${key}/${added.number}`));
  }

  /** Lets a toxic act no more. Call `advance` afterwards. */
  remove(added: AddedToxic): void {
    this.#effects.delete(added);
  }

  /** Hands nothing over, or goes on. */
  hold(held: boolean): void {
    this.#held = held;
    this.advance();
  }

  /** The source was reset: the destination is told, behind what came before. */
  sourceReset(): void {
    this.#take('reset');
  }

  /** Throws away what waits and what comes: there is no one to give it to. */
  abandon(): void {
    this.#abandoned = true;
    this.#queue.length = 0;
    this.#queuedBytes = 0;
    this.#disarm();
    // Read on, so that the end of the source is still noticed.
    this.#options.source.resume();
  }

  /** Hands over what may be handed over now, and sees to it that the rest follows in time. */
  advance(): void {
    const { destination, died } = this.#options;
    if (this.#abandoned || this.#writing || destination.destroyed) return;
    const effects = [...this.#effects.values()];
    const death = effects.map((effect) => effect.death()).find((how) => how !== undefined);
    const head = this.#queue[0];
    if (this.#held) this.#disarm();
    else if (death !== undefined) died(death);
    else if (head === undefined || destination.connecting || effects.some((effect) => effect.blocks())) {
      this.#disarm();
    } else this.#move(head, effects);
  }

  #move(head: Parcel, effects: readonly Effect[]): void {
    const nowMs = this.#options.runtime.clock.monotonic();
    const bytes = Math.min(head.bytes.length, ...effects.map((effect) => effect.pieceBytes()));
    const dueMs = dueAtMs(head, bytes, effects, nowMs);
    if (dueMs > nowMs) {
      this.#wakeAt(dueMs, nowMs);
      return;
    }
    this.#disarm();
    this.#queuedBytes -= bytes;
    const piece = head.bytes.subarray(0, bytes);
    head.bytes = head.bytes.subarray(bytes);
    if (head.bytes.length === 0) this.#queue.shift();
    if (head.kind === 'bytes') this.#handOver(piece, nowMs);
    else this.#tell(head.kind);
  }

  #take(kind: Parcel['kind'], bytes: Uint8Array = new Uint8Array(0)): void {
    if (this.#abandoned) return;
    this.#lastNumber += 1;
    const arrivedAtMs = this.#options.runtime.clock.monotonic();
    this.#queue.push({ kind, number: this.#lastNumber, arrivedAtMs, bytes });
    this.#queuedBytes += bytes.length;
    this.advance();
    this.#readOrPause();
  }

  #handOver(piece: Uint8Array, nowMs: number): void {
    for (const effect of this.#effects.values()) effect.passed(piece.length, nowMs);
    this.#options.passed(piece.length);
    this.#writing = true;
    // The next piece waits until the system has taken this one: that is the backpressure.
    this.#options.destination.write(piece, () => {
      this.#writing = false;
      this.advance();
      this.#readOrPause();
    });
  }

  #tell(how: 'end' | 'reset'): void {
    if (how === 'end') this.#options.destination.end();
    else this.#options.resetArrived();
    this.advance();
  }

  #readOrPause(): void {
    const full = this.#queuedBytes >= mostBytes || this.#queue.length >= mostParcels;
    if (full && !this.#abandoned) this.#options.source.pause();
    else this.#options.source.resume();
  }

  #wakeAt(dueMs: number, nowMs: number): void {
    if (this.#timer?.dueMs === dueMs) return;
    this.#disarm();
    const fire = (): void => {
      this.#timer = undefined;
      this.advance();
    };
    const delayMs = Math.ceil(dueMs - nowMs);
    this.#timer = { dueMs, handle: this.#options.runtime.timers.setTimer(delayMs, fire, 'chaos-lane') };
  }

  #disarm(): void {
    this.#timer?.handle[Symbol.dispose]();
    this.#timer = undefined;
  }
}

/** When the next `bytes` of `head` may leave: delays add up, what paces the bytes acts after them. */
function dueAtMs(head: Parcel, bytes: number, effects: readonly Effect[], nowMs: number): number {
  const fromMs = effects.reduce((sum, effect) => sum + effect.delayMs(head), head.arrivedAtMs);
  return Math.max(fromMs, ...effects.map((effect) => effect.readyAtMs(bytes, fromMs, nowMs)));
}
