import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createDepthScanner, type DepthMessage, decodeStreamFrame } from '@venuekit/ascendex-wire';
import {
  clearDepthStage,
  createDepthStage,
  type DepthStage,
  stageDepthUpdate,
} from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDraw, spoiledFrame, usualFrame } from './spoiled-frames.ts';
import { stageText } from './stage-text.ts';

/** Each symbol that is followed has scales of its own. */
const followed = [
  { symbol: 'BTC/USDT', priceScale: 9, amountScale: 4 },
  { symbol: 'ASD/USDT', priceScale: 3, amountScale: 3 },
  { symbol: 'SHIB/USDT', priceScale: 8, amountScale: 6 },
  { symbol: '1INCH/BTC', priceScale: 5, amountScale: 5 },
];
/** The last one is known and not followed, so it has no stage. */
const symbols = [...followed.map(({ symbol }) => symbol), 'A/B'];
const channels = ['depth', 'depth-realtime'] as const;
const million = 1_000_000;
const mostMilliseconds = 50;
const bytesPerMillion = 2 ** 20;
const heapSamples = 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Reading {
  /** What either scanner said, in the order of the channels. */
  readonly taken: readonly number[];
  /** What the exact decoder said; `undefined` for anything but an update. */
  readonly message: DepthMessage | undefined;
}

interface FrameReader {
  /** What each scanner has filled, in the order of the channels. */
  readonly stages: readonly (readonly DepthStage[])[];
  /** For the exact way, in the order of the symbols. */
  readonly wanted: readonly DepthStage[];
  read(frame: Buffer): Reading;
}

function createReader(): FrameReader {
  const scanners = channels.map((channel) => createDepthScanner(symbols, { channel }));
  const stages = channels.map(() => followed.map((scale) => createDepthStage({ ...scale, levels: 1 })));
  const wanted = followed.map(createDepthStage);
  return {
    ...{ stages, wanted },
    read(frame) {
      for (const ofChannel of stages) for (const stage of ofChannel) clearDepthStage(stage);
      const taken = scanners.map((scanner, at) => scanner.read(frame, stages[at] ?? []));
      return { taken, message: decodeUpdate(frame.toString()) };
    },
  };
}

function decodeUpdate(text: string): DepthMessage | undefined {
  try {
    const message = decodeStreamFrame(text);
    return message.type === 'depth' || message.type === 'depth-realtime' ? message : undefined;
  } catch {
    return undefined;
  }
}

/** @throws Error if a scanner took what the exact way does not, or otherwise, or touched the stage of another symbol. */
function requireSame({ stages, wanted }: FrameReader, { taken, message }: Reading, text: string): void {
  for (const [at, channel] of channels.entries()) {
    const own = stages[at] ?? [];
    requireOthersUntouched(own, channel, text);
    const index = taken[at] ?? -1;
    if (index < 0) continue;
    const exact = wanted[index];
    if (message?.type !== channel || exact === undefined || message.symbol !== symbols[index])
      throw new Error(`taken for ${symbols[index]} of ${channel}: ${text}`);
    const isStaged = stageDepthUpdate({ ...message, sequence: message.seqnum }, exact);
    if (!isStaged || stageText(own[index]) !== stageText(exact))
      throw new Error(`${stageText(own[index])} read from ${text}`);
  }
}

function requireOthersUntouched(stages: readonly DepthStage[], channel: string, text: string): void {
  for (const [index, { sequence, asks, bids }] of stages.entries()) {
    const isTouched = sequence >= 0 || asks.count > 0 || bids.count > 0;
    if (isTouched && !text.startsWith(`{"m":"${channel}","symbol":"${symbols[index]}"`))
      throw new Error(`${symbols[index]} of ${channel} touched by ${text}`);
  }
}

/** How many frames are wanted in all. */
function framesWanted(setting: string = ''): number {
  const wanted = setting === '' ? 100_000 : Number(setting);
  if (Number.isSafeInteger(wanted) && wanted > 0) return wanted;
  throw new Error(`VENUEKIT_FUZZ_FRAMES: expected a whole number above 0, got ${setting}`);
}

/** Processor time of this thread in milliseconds: a machine that is busy otherwise does not count. */
function spentMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** A slow frame is slow again; a pause of the engine, to compile or to collect, is not: so the better of two counts. */
function readTimed(reader: FrameReader, frame: Buffer): { readonly reading: Reading; readonly ms: number } {
  const times: number[] = [];
  for (;;) {
    const before = spentMs();
    const reading = reader.read(frame);
    times.push(spentMs() - before);
    if (times.length === 2 || Math.max(...times) < 1) return { reading, ms: Math.min(...times) };
  }
}

/** Bytes in use after a collection. */
function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Slope of evenly spaced values, by least squares, from one to the next. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const spread = values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  return values.reduce((sum, value, at) => sum + (at - middle) * value, 0) / spread;
}

test('whatever the bytes are, the scanner takes nothing otherwise than the exact decoder, in little time and memory', {
  timeout: 7_200_000,
}, () => {
  const total = framesWanted(process.env.VENUEKIT_FUZZ_FRAMES);
  const draw = createDraw(fc.readConfigureGlobal().seed ?? 1);
  const reader = createReader();
  const seen = { usual: 0, unfollowed: 0, spoiled: 0, taken: 0, refused: 0 };
  const heap: number[] = [];
  let slowestMs = 0;
  for (let count = 1; count <= total; count += 1) {
    const usual = usualFrame(draw, symbols, channels);
    const { text, frame } = spoiledFrame(usual, draw);
    const { reading, ms } = readTimed(reader, frame);
    slowestMs = Math.max(slowestMs, ms);
    requireSame(reader, reading, text);
    const isTaken = reading.taken.some((index) => index >= 0);
    const isFollowed = !usual.includes('"A/B"');
    if (text === usual && isTaken !== isFollowed) throw new Error(`taken: ${isTaken}: ${text}`);
    seen[text !== usual ? 'spoiled' : isFollowed ? 'usual' : 'unfollowed'] += 1;
    if (text !== usual) seen[isTaken ? 'taken' : 'refused'] += 1;
    if (count % Math.ceil(total / heapSamples) === 0) heap.push(heapUsed());
    if (count % million === 0)
      process.stderr.write(
        `${count / million} of ${total / million} million: slowest ${slowestMs} ms, heap ${heap.at(-1)}\n`,
      );
  }
  // Each kind of frame has to come often for this to prove something.
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(total / 100);
  expect(slowestMs).toBeLessThan(mostMilliseconds);
  // In fewer frames, what the engine keeps for itself is more than what is looked for.
  if (total < million) return;
  const slope = slopeOf(heap.slice(heap.length / 2)) * (heapSamples / (total / million));
  process.stderr.write(`${JSON.stringify(seen)}, ${Math.round(slope)} bytes of heap a million\n`);
  expect(slope).toBeLessThan(bytesPerMillion);
});
