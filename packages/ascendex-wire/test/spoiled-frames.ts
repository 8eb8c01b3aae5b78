/** Whole numbers from 0 up to `below`, the same for the same seed. */
type Draw = (below: number) => number;

/** Makes what draws. */
export function createDraw(seed: number): Draw {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const pick = <T>(draw: Draw, items: readonly T[]): T => items[draw(items.length)] as T;

/** A frame of the usual form, of one of `symbols` and one of `channels`. */
export function usualFrame(draw: Draw, symbols: readonly string[], channels: readonly string[]): string {
  const side = (): string => Array.from({ length: draw(4) }, () => usualLevel(draw)).join();
  const data = `"data":{"ts":${draw(2e12)},"seqnum":${draw(2 ** 53)},"asks":[${side()}],"bids":[${side()}]}`;
  return `{"m":"${pick(draw, channels)}","symbol":"${pick(draw, symbols)}",${pick(draw, ['', ' '])}${data}}`;
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
    '-realtime',
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

/** A frame that was spoiled up to three times, or not at all; in bytes that may be no UTF-8. */
export function spoiledFrame(usual: string, draw: Draw): { readonly text: string; readonly frame: Buffer } {
  let text = usual;
  for (let times = draw(4); times > 0; times -= 1) text = pick(draw, mutations)(text, draw);
  return { text, frame: Buffer.from(text, draw(2) === 0 ? 'latin1' : 'utf8') };
}

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
