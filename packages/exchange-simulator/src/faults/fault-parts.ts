import type { Fault, FaultChannel, FaultPart } from './fault-types.ts';

/** What may stand in a property of a fault. */
export interface PartRule {
  /** For messages. */
  readonly expected: string;
  readonly type: 'number' | 'text';
  fits(value: unknown): boolean;
  /** Reads it from text; the result may not fit. */
  read(text: string): string | number;
}

/** Every channel by which a fault can be narrowed down. */
export const faultChannels: readonly FaultChannel[] = [
  ...(['depth', 'trades', 'bbo', 'bar', 'depth-realtime', 'order', 'balance'] as const),
  ...(['connected', 'auth', 'sub', 'unsub', 'reply', 'snapshot', 'ping', 'pong', 'error'] as const),
];

/** More than thirty years: whoever wants to wait longer has mistaken the unit. */
export const longestSeconds = 1_000_000_000;

const seconds: PartRule = number(
  `to be a number from 0 to ${longestSeconds}`,
  (value) => value >= 0 && value <= longestSeconds,
);
const anyText: PartRule = text('to be text', () => true);
const name: PartRule = text('to be text', (value) => value !== '');
const positive: PartRule = number('to be a whole number from 1 up', isCount);

/** By property. */
export const partRules: Readonly<Record<FaultPart, PartRule>> = {
  durationSeconds: seconds,
  symbol: name,
  channel: word(...faultChannels),
  count: positive,
  path: name,
  method: text('to be a method in capitals', (value) => /^[A-Z]+$/.test(value)),
  address: name,
  account: name,
  key: name,
  status: number(
    'to be a whole number from 200 to 599',
    (value) => isCount(value) && value >= 200 && value <= 599,
  ),
  seconds: number(
    `to be a number of at most ${longestSeconds}`,
    (value) => Math.abs(value) <= longestSeconds,
  ),
  times: positive,
  bytes: number('to be a whole number from 1 to 536870912', (value) => isCount(value) && value <= 1 << 29),
  field: name,
  value: anyText,
  ending: word('hang', 'reset'),
  body: word('html', 'json', 'empty'),
  code: number('to be 1006 or a close code', (value) => isCount(value) && value >= 1000 && value <= 4999),
  right: word('view', 'trade', 'transfer'),
  side: word('buy', 'sell'),
  asset: name,
  price: text('to be a decimal above 0 and below 10^15, as text', (value) =>
    /^\d{1,15}(\.\d{1,15})?$/.test(value),
  ),
  amount: text('to be a decimal below 10^15 of at most nine places, as text', (value) =>
    /^-?\d{1,15}(\.\d{1,9})?$/.test(value),
  ),
};

/** Every property that some kinds have, in the order in which text gives them. */
export const faultParts: readonly FaultPart[] = Object.keys(partRules) as FaultPart[];

/** The parts that a fault has. */
export function partsOf(fault: Fault): readonly (readonly [FaultPart, string | number])[] {
  return faultParts.flatMap((part) => {
    const value = fault[part];
    return value === undefined ? [] : [[part, value] as const];
  });
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function number(expected: string, fits: (value: number) => boolean): PartRule {
  return {
    ...{ expected, type: 'number' },
    fits: (value) => typeof value === 'number' && Number.isFinite(value) && fits(value),
    read: (given) => (/^-?\d+(\.\d+)?$/.test(given) ? Number(given) : given),
  };
}

function text(expected: string, fits: (value: string) => boolean): PartRule {
  return {
    ...{ expected, type: 'text' },
    fits: (value) => typeof value === 'string' && fits(value),
    read: (given) => given,
  };
}

function word(...words: readonly string[]): PartRule {
  return text(`to be one of ${words.join(', ')}`, (value) => words.includes(value));
}
