import { closedWith } from '../recording/connection-end.ts';
import type { Fault, FaultChannel, FaultPart, PartRule } from './fault-types.ts';

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
const name: PartRule = text('to be text', (value) => value !== '');
/** More cannot be held: the longest text that there can be is not much longer. */
const mostBytes = 1 << 28;
const mostTimes = 100_000;
const longestValue = 1 << 20;

/** By property. */
export const partRules: Readonly<Record<FaultPart, PartRule>> = {
  durationSeconds: seconds,
  symbol: text('to be text without : and ,', (value) => /^[^:,]+$/.test(value)),
  channel: word(...faultChannels),
  count: number('to be a whole number from 1 up', isCount),
  path: name,
  method: text('to be a method in capitals', (value) => /^[A-Z]+$/.test(value)),
  address: name,
  account: name,
  key: name,
  status: number(
    'to be a whole number from 200 to 599',
    (value) => isCount(value) && value >= 200 && value <= 599,
  ),
  seconds,
  times: number(
    `to be a whole number from 1 to ${mostTimes}`,
    (value) => isCount(value) && value <= mostTimes,
  ),
  bytes: number(
    `to be a whole number from 1 to ${mostBytes}`,
    (value) => isCount(value) && value <= mostBytes,
  ),
  field: name,
  value: text(`to be text of at most ${longestValue} characters`, (value) => value.length <= longestValue),
  ending: word('hang', 'reset'),
  body: word('html', 'json', 'empty'),
  code: number(
    'to be 1006 or a close code that may be sent: 1000 to 1003, 1007 to 1014, 3000 to 4999',
    (value) => value === 1006 || (Number.isSafeInteger(value) && closedWith(value).how === 'close'),
  ),
  right: word('view', 'trade', 'transfer'),
  side: word('buy', 'sell'),
  asset: name,
  price: text(
    'to be a decimal above 0 and below 10^15, as text',
    (value) => /^\d{1,15}(\.\d{1,15})?$/.test(value) && /[1-9]/.test(value),
  ),
  amount: text('to be a decimal below 10^15 of at most nine places, as text', (value) =>
    /^-?\d{1,15}(\.\d{1,9})?$/.test(value),
  ),
};

/** Seconds that may lie behind. */
export const signedSeconds: PartRule = number(
  `to be a number from -${longestSeconds} to ${longestSeconds}`,
  (value) => Math.abs(value) <= longestSeconds,
);

/** Text that a closing handshake can carry as its reason. */
export const closeReason: PartRule = text(
  'to be text of at most 123 bytes',
  (value) => Buffer.byteLength(value) <= 123,
);

/** Text that an HTTP header can carry. */
export const headerText: PartRule = text(
  'to be text of at most 2048 characters that a header may have: no controls, nothing above U+00FF',
  (value) => value.length <= 2_048 && /^[\t\x20-\x7e\x80-\xff]*$/.test(value),
);

/** A decimal, above or below zero. */
export const signedDecimal: PartRule = text(
  'to be a decimal of at most 40 digits on each side, as text',
  (value) => /^-?\d{1,40}(\.\d{1,40})?$/.test(value),
);

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
