import { viewsOf } from './value-views.ts';

/** An API key pair for tests. */
export interface CanaryCredentials {
  readonly apiKey: string;
  readonly secret: string;
}

/** Made up, of the length that AscendEX gives out: a test that holds these can tell whether they got out. They open nothing. */
export const canaryCredentials: CanaryCredentials = {
  apiKey: 'canaryKeyOpensNothing0123456789A',
  secret: 'canarySecretSingsWhenItIsSeenByAnybody0123456789OutsideTheSigner',
};

/** Letters of a key or a secret that are enough to call it leaked, at its beginning or at its end. */
const leakLength = 16;

interface Needle {
  /** What it is, for example `secret as base64`. */
  readonly label: string;
  readonly text: string;
  /** True if its letters may be written in either case, as the digits of hex may. */
  readonly anyCase: boolean;
}

const needles: readonly Needle[] = (['secret', 'apiKey'] as const).flatMap((half) => {
  const value = canaryCredentials[half];
  return [value.slice(0, leakLength), value.slice(-leakLength)].flatMap((piece) => needlesFor(half, piece));
});

function needlesFor(half: string, piece: string): readonly Needle[] {
  const hex = Buffer.from(piece).toString('hex');
  const bytes = [...Buffer.from(piece)];
  return [
    { label: `${half} as text`, text: piece, anyCase: false },
    ...base64Forms(piece).map((text) => ({ label: `${half} as base64`, text, anyCase: false })),
    { label: `${half} as hex`, text: hex, anyCase: true },
    { label: `${half} as bytes in hex`, text: hex.replace(/..(?=.)/g, '$& '), anyCase: true },
    { label: `${half} as URL-encoded bytes`, text: hex.replace(/../g, '%$&'), anyCase: true },
    { label: `${half} as a list of bytes`, text: bytes.join(', '), anyCase: true },
    { label: `${half} as a list of bytes`, text: bytes.join(','), anyCase: true },
  ];
}

/** What is the same of `text` in base64 wherever it begins: three letters become four, so there are three places to begin. */
function base64Forms(text: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from('-'.repeat(before) + text).toString('base64url');
    const bits = (before + text.length) * 8;
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
  });
}

/** What of the canary is in `text`, and in which form; `undefined` if nothing is. */
export function canaryInText(text: string): string | undefined {
  const lower = text.toLowerCase();
  return needles.find((needle) => (needle.anyCase ? lower : text).includes(needle.text))?.label;
}

/**
 * Searches `value`, and everything that can be reached from it, for the canary: properties (symbols, hidden ones and getters
 * included), entries of collections, bytes, errors with their stacks and causes, and what `util.inspect`, `JSON.stringify` and
 * `String` make of it. The secret is looked for before the key.
 * @returns what was found, in which form and where, without showing it; `undefined` if nothing was.
 */
export function canaryIn(value: unknown): string | undefined {
  const views = [...viewsOf(value)];
  const found = views.flatMap(({ where, text }) => {
    const label = canaryInText(text);
    return label === undefined ? [] : [`${label}, ${where}`];
  });
  return found.find((text) => text.startsWith('secret')) ?? found[0];
}
