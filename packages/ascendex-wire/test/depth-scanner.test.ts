import { readFileSync } from 'node:fs';
import {
  createDepthScanner,
  type DepthContent,
  decodeStreamFrame,
  type StreamMessage,
  stageDepth,
} from '@venuekit/ascendex-wire';
import { createDepthStage, type DepthStage } from '@venuekit/connector-core';
import { sessions } from '@venuekit/tooling-vitest/recordings';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const symbols = ['BTC/USDT', 'ASD/USDT', 'SHIB/USDT', '1INCH/BTC'];
const scales = { priceScale: 9, amountScale: 4 };
/** Enough for every market of the recordings. */
const recordedScales = { priceScale: 9, amountScale: 6 };

/** What the exact decoder says of a frame, or `undefined` if it refuses it. */
function referenceOf(frame: Uint8Array): DepthContent | undefined {
  // It knows no realtime frames; apart from the name they are the same.
  const text = Buffer.from(frame).toString().replace('{"m":"depth-realtime"', '{"m":"depth"');
  let message: StreamMessage;
  try {
    message = decodeStreamFrame(text);
  } catch {
    return undefined;
  }
  return message.type === 'depth' ? message : undefined;
}

const picture = ({ firstSequence, sequence, venueTimeMs, ...sides }: DepthStage): string =>
  [firstSequence, sequence, venueTimeMs, ...[sides.asks, sides.bids].map(levels)].join(' ');

const levels = ({ count, prices, amounts }: DepthStage['asks']): string =>
  `${count}: ${prices.subarray(0, count)} / ${amounts.subarray(0, count)}`;

describe.each([...sessions])('$name', (session) => {
  test.skipIf(!session.present)('every update is scanned as the exact decoder reads it', () => {
    const frames = readFileSync(session.sessionFile, 'utf8')
      .split('\n')
      .flatMap((line) => /^\d+(?:\.\d+)?: (\{"m":"depth".*)$/.exec(line)?.[1] ?? []);
    expect(frames.length).toBeGreaterThan(100);
    const names = [...new Set(frames.map((frame) => /"symbol":"([^"]*)"/.exec(frame)?.[1] ?? ''))];
    const scanner = createDepthScanner(names);
    const [scanned, wanted] = [createDepthStage(recordedScales), createDepthStage(recordedScales)];
    for (const frame of frames) {
      const bytes = Buffer.from(frame);
      const content = referenceOf(bytes);
      if (content === undefined) throw new Error(`expected an update, got ${frame}`);
      expect(names[scanner.symbolOf(bytes)]).toBe(content.symbol);
      expect(stageDepth(content, wanted), frame).toBe(true);
      expect(scanner.stage(bytes, scanned), frame).toBe(true);
      expect(picture(scanned)).toBe(picture(wanted));
    }
  });
});

/** Whole numbers from 0 up to `below`, the same for the same seed. */
type Draw = (below: number) => number;

function createDraw(seed: number): Draw {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const pick = <T>(draw: Draw, items: readonly T[]): T => items[draw(items.length)] as T;

/** A frame of the usual form. */
function usualFrame(draw: Draw): string {
  const side = (): string => Array.from({ length: draw(4) }, () => usualLevel(draw)).join();
  const m = draw(8) === 0 ? 'depth-realtime' : 'depth';
  const data = `"data":{"ts":${draw(2e12)},"seqnum":${draw(2 ** 53)},"asks":[${side()}],"bids":[${side()}]}`;
  return `{"m":"${m}","symbol":"${pick(draw, symbols)}",${pick(draw, ['', ' '])}${data}}`;
}

function usualLevel(draw: Draw): string {
  const digits = (most: number): string => String(draw(10 ** (1 + draw(most))));
  const fraction = draw(3) === 0 ? '' : `.${digits(3)}${'0'.repeat(draw(8) === 0 ? draw(20) : 0)}`;
  return `["${1 + draw(99_999)}${fraction}","${draw(4) === 0 ? '0' : `${digits(9)}.${digits(3)}`}"]`;
}

const strayBytes = [...'{}[]",:.0123456789-+eE\\ \n\t/u_', '\u0000', '\u00ff'];
const strayTexts = [
  ...[
    '0',
    '00',
    '-',
    '+',
    'e5',
    '.',
    '.0',
    '""',
    '\\u0030',
    '\\"',
    '\\/',
    ' ',
    '  ',
    ',',
    '{}',
    '[]',
    '[["1","1"]]',
  ],
  ...[
    '9007199254740991',
    '9007199254740992',
    '90071992547.40993',
    '9'.repeat(30),
    '9'.repeat(400),
    '0'.repeat(41),
  ],
  ...[
    '"__proto__":{},',
    '"symbol":"ASD/USDT",',
    '"ts":1,',
    '"seqnum":2,',
    '"asks":[],',
    '"m":"depth",',
    'null',
  ],
];

/** One way to spoil a frame. Some of them leave it as good as it was. */
const mutations: readonly ((text: string, draw: Draw) => string)[] = [
  (text, draw) => spliced(text, draw(text.length), 1, pick(draw, strayBytes)),
  (text, draw) => spliced(text, draw(text.length), 0, pick(draw, strayBytes)),
  (text, draw) => spliced(text, draw(text.length), 1 + draw(6), ''),
  (text, draw) => spliced(text, draw(text.length), 0, pick(draw, strayTexts)),
  (text, draw) => text.slice(0, draw(text.length)),
  (text, draw) => text + pick(draw, strayBytes),
  (text, draw) => beside(text, /\d+/g, draw, (digits) => pick(draw, strayTexts) + digits),
  (text, draw) => beside(text, /\d+/g, draw, (digits) => digits + pick(draw, strayTexts)),
  (text, draw) => beside(text, /[\d.]+/g, draw, () => pick(draw, strayTexts)),
  (text, draw) =>
    beside(text, /[,:{}[\]]/g, draw, (mark) => pick(draw, [` ${mark}`, `${mark} `, `${mark}\n`])),
  (text, draw) =>
    beside(text, /"\w+":/g, draw, () => pick(draw, ['"__proto__":', '"ts":', '"x":', '"bids":'])),
  (text) => text.replace(/("ts":\d*),("seqnum":\d*)/, '$2,$1'),
  (text) => text.replace(/("asks":.*),("bids":.*)\}\}/, '$2,$1}}'),
  (text) => text.replace(/("m":"[^"]*"),("symbol":"[^"]*")/, '$2,$1'),
  (text, draw) => beside(text, /\["[^\]]*\]/g, draw, (level) => `${level},${level}`),
];

function spliced(text: string, at: number, removed: number, added: string): string {
  return text.slice(0, at) + added + text.slice(at + removed);
}

/** The text with one of the matches of a pattern replaced. */
function beside(text: string, pattern: RegExp, draw: Draw, replace: (match: string) => string): string {
  const matches = [...text.matchAll(pattern)];
  if (matches.length === 0) return text;
  const { 0: match, index } = pick(draw, matches);
  return spliced(text, index, match.length, replace(match));
}

/** How many frames are wanted in all. */
function framesWanted(setting: string = ''): number {
  const wanted = setting === '' ? 100_000 : Number(setting);
  if (Number.isSafeInteger(wanted) && wanted > 0) return wanted;
  throw new Error(`VENUEKIT_FUZZ_FRAMES: expected a whole number above 0, got ${setting}`);
}

test('whatever the bytes are, the scanner takes nothing otherwise than the exact decoder', {
  timeout: 3_600_000,
}, () => {
  const total = framesWanted(process.env.VENUEKIT_FUZZ_FRAMES);
  const draw = createDraw(fc.readConfigureGlobal().seed ?? 1);
  const scanner = createDepthScanner(symbols);
  const [scanned, wanted] = [createDepthStage({ ...scales, levels: 1 }), createDepthStage(scales)];
  const seen = { usual: 0, spoiled: 0, taken: 0, refused: 0 };
  for (let count = 0; count < total; count += 1) {
    const usual = usualFrame(draw);
    let text = usual;
    for (let times = draw(4); times > 0; times -= 1) text = pick(draw, mutations)(text, draw);
    const frame = Buffer.from(text, draw(2) === 0 ? 'latin1' : 'utf8');
    const taken = scanner.stage(frame, scanned);
    const symbol = scanner.symbolOf(frame);
    const content = referenceOf(frame);
    if (text === usual && !(taken && symbol >= 0)) throw new Error(`expected to be taken: ${text}`);
    if (taken) {
      if (content === undefined || !stageDepth(content, wanted)) throw new Error(`taken: ${text}`);
      if (picture(scanned) !== picture(wanted)) throw new Error(`${picture(scanned)} read from ${text}`);
      if (symbols.indexOf(content.symbol) !== symbol) throw new Error(`symbol ${symbol} of ${text}`);
    }
    seen[text === usual ? 'usual' : 'spoiled'] += 1;
    if (text !== usual) seen[taken ? 'taken' : 'refused'] += 1;
  }
  // Each kind of frame has to come often for this to prove something.
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(total / 100);
});
