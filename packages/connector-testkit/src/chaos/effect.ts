import { drawAround } from './keyed-draw.ts';
import type { Toxic } from './toxic.ts';

/** What travels along a lane: bytes, or how the connection ended. */
export interface Parcel {
  readonly kind: 'bytes' | 'end' | 'reset';
  /** Its place among all that came on this lane, from 1. */
  readonly number: number;
  /** By the monotonic clock, in milliseconds. */
  readonly arrivedAtMs: number;
  /** What is still to be handed over; empty for an end. */
  bytes: Uint8Array;
}

/** What one toxic does to one direction of one connection. Times are of the monotonic clock, in milliseconds. */
export interface Effect {
  /** True while nothing passes, whatever it is. */
  blocks(): boolean;
  /** How the connection is to die now, if it is. */
  death(): 'reset' | 'end' | undefined;
  /** How long after its arrival a parcel is kept back, in milliseconds. */
  delayMs(parcel: Parcel): number;
  /** The most bytes that the next piece may have. */
  pieceBytes(): number;
  /** When a piece of so many bytes may leave, if nothing else keeps it back after `fromMs`. */
  readyAtMs(bytes: number, fromMs: number, nowMs: number): number;
  /** A piece left. */
  passed(bytes: number, nowMs: number): void;
}

const inert: Effect = {
  blocks: () => false,
  death: () => undefined,
  delayMs: () => 0,
  pieceBytes: () => Number.POSITIVE_INFINITY,
  readyAtMs: (_bytes, fromMs) => fromMs,
  passed() {},
};

/** Makes the effect of a toxic. `key` names the lane and the toxic: what is drawn depends on it alone. */
export function createEffect(toxic: Toxic, key: string): Effect {
  switch (toxic.kind) {
    case 'latency':
      return latencyEffect(toxic, key);
    case 'bandwidth':
      return bandwidthEffect(toxic.bytesPerSecond);
    case 'slicer':
      return slicerEffect(toxic, key);
    case 'limit':
      return limitEffect(toxic);
    case 'hang':
      return { ...inert, blocks: () => true };
    case 'slow-close':
      return { ...inert, delayMs: ({ kind }) => (kind === 'bytes' ? 0 : toxic.delayMs) };
  }
}

function latencyEffect({ latencyMs, jitterMs = 0 }: Toxic & { kind: 'latency' }, key: string): Effect {
  return {
    ...inert,
    delayMs: ({ number }) => Math.max(0, drawAround(`${key}/${number}`, latencyMs, jitterMs)),
  };
}

/** Pieces a second, so that a slow line flows instead of jerking. */
const piecesPerSecond = 20;
/** How much time that timers lost is made up for. More would let a burst through after a pause. */
const creditMs = 50;

function bandwidthEffect(bytesPerSecond: number): Effect {
  let freeAtMs = Number.NEGATIVE_INFINITY;
  let startedAtMs: number | undefined;
  const doneAtMs = (bytes: number, startMs: number): number => startMs + (bytes * 1_000) / bytesPerSecond;
  return {
    ...inert,
    pieceBytes: () => Math.max(1, Math.floor(bytesPerSecond / piecesPerSecond)),
    readyAtMs(bytes, fromMs, nowMs) {
      if (fromMs > nowMs || bytes === 0) return fromMs;
      startedAtMs ??= Math.max(freeAtMs, fromMs, nowMs - creditMs);
      return doneAtMs(bytes, startedAtMs);
    },
    passed(bytes, nowMs) {
      freeAtMs = doneAtMs(bytes, startedAtMs ?? nowMs);
      startedAtMs = undefined;
    },
  };
}

function slicerEffect(toxic: Toxic & { kind: 'slicer' }, key: string): Effect {
  const { sliceBytes, jitterBytes = 0, delayMs = 0 } = toxic;
  const sizeOf = (slice: number): number =>
    Math.max(1, drawAround(`${key}/${slice}`, sliceBytes, jitterBytes));
  let slice = 1;
  let leftBytes = sizeOf(slice);
  let notBeforeMs = Number.NEGATIVE_INFINITY;
  return {
    ...inert,
    pieceBytes: () => leftBytes,
    readyAtMs: (bytes, fromMs) => (bytes === 0 ? fromMs : Math.max(fromMs, notBeforeMs)),
    passed(bytes, nowMs) {
      leftBytes -= bytes;
      if (leftBytes > 0) return;
      slice += 1;
      leftBytes = sizeOf(slice);
      notBeforeMs = nowMs + delayMs;
    },
  };
}

function limitEffect({ bytes: limitBytes, ending }: Toxic & { kind: 'limit' }): Effect {
  let leftBytes = limitBytes;
  return {
    ...inert,
    blocks: () => ending === 'hang' && leftBytes === 0,
    death: () => (ending !== 'hang' && leftBytes === 0 ? ending : undefined),
    pieceBytes: () => leftBytes,
    passed(bytes) {
      leftBytes -= bytes;
    },
  };
}
