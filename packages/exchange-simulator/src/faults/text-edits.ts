import { decimal } from '@venuekit/connector-core';
import { signedDecimal } from './fault-parts.ts';
import type { Fault, FaultEntry, FaultPart, TextEditName } from './fault-types.ts';
import { findSpan, type JsonSpan, readSpans } from './json-spans.ts';

/** Something that can be done to a message. */
export interface TextEdit {
  readonly parts: readonly FaultPart[];
  /** What it does, after `the message` or `the reply`. */
  readonly what: string;
  /** `next` if left out. */
  readonly lasts?: FaultEntry['lasts'];
  readonly rules?: FaultEntry['rules'];
  /**
   * The message as it is sent, and `undefined` if it has nothing that this strikes.
   * @param strikes how many the fault has struck before.
   */
  edit(text: string, fault: Fault, strikes: number): string | undefined;
}

const page = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';
const hostileNames = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}';

/** By name. */
export const textEdits: Readonly<Record<TextEditName, TextEdit>> = {
  truncated: {
    parts: [],
    what: 'ends in its middle and is no longer JSON',
    edit: (text) => text.slice(0, text.length >> 1),
  },
  html: { parts: [], what: 'is an HTML page', edit: () => page },
  'wrong-types': {
    parts: ['field'],
    what: 'has other types at `field`, or in all of its values below the top: lists for texts, truth values for numbers, texts for these',
    edit: (text, fault) => eachValue(text, fault, (span, token) => otherType(span, token)),
  },
  'extra-field': {
    parts: [],
    what: 'has a property in each object that nobody has heard of',
    edit: (text) => intoObjects(text, '"unheardOf":{"list":[1,"b",null]}', Number.POSITIVE_INFINITY),
  },
  'unknown-word': {
    parts: ['field', 'value'],
    what: 'has a word that nobody knows, `value` or Unheard, at `field`, or for the first word below the top',
    edit: (text, fault) =>
      firstValue(text, fault, (span, token) =>
        isWord(span, token) ? JSON.stringify(fault.value ?? 'Unheard') : undefined,
      ),
  },
  'odd-number': {
    parts: ['field', 'value'],
    what: 'has an odd number at `field`, or for the first number below the top: `value`, such as an empty text, -0, 1e-7 or thirty digits; NaN if left out',
    edit: (text, fault) =>
      firstValue(text, fault, (span, token) =>
        numberOf(span, token) === undefined ? undefined : asKind(span, fault.value ?? 'NaN'),
      ),
  },
  edited: {
    parts: ['field', 'value'],
    what: 'has `value` at `field`: JSON, or else a text; null at the first value below the top if left out',
    edit: (text, fault) => firstValue(text, fault, () => asJson(fault.value ?? 'null')),
  },
  'raised-number': {
    parts: ['field', 'value'],
    rules: { value: signedDecimal },
    what: 'has a number at `field`, or the first below the top, that is higher by `value`; lower by one if left out',
    edit: (text, fault) => firstValue(text, fault, (span, token) => raised(span, token, fault.value ?? '-1')),
  },
  'falling-number': {
    parts: ['field'],
    what: 'has a number at `field`, `hp` if left out, that is lower by one more each time, down to zero',
    lasts: 'while',
    edit: (text, fault, strikes) =>
      firstValue(text, { ...fault, field: fault.field ?? 'hp' }, (span, token) => {
        const lower = raised(span, token, `-${strikes + 1}`);
        return lower?.includes('-') === true ? asKind(span, '0') : lower;
      }),
  },
  proto: {
    parts: [],
    what: 'has properties called `__proto__` and `constructor` in each object',
    edit: (text) => intoObjects(text, hostileNames, Number.POSITIVE_INFINITY),
  },
  deep: {
    parts: ['times'],
    what: 'has a property whose lists are `times` deep, 100000 if left out',
    edit: (text, { times = 100_000 }) =>
      intoObjects(text, `"deep":${'['.repeat(times)}${']'.repeat(times)}`, 1),
  },
  huge: {
    parts: ['bytes'],
    what: 'has a property of `bytes` characters, 100 MiB if left out',
    edit: (text, { bytes = 100 << 20 }) => intoObjects(text, `"huge":"${'x'.repeat(bytes)}"`, 1),
  },
};

/** What `edit` makes of a message. One that is too long or too odd to be edited has nothing that this strikes. */
export function editText(edit: TextEdit, text: string, { fault, strikes }: EditCase): string | undefined {
  try {
    return edit.edit(text, fault, strikes);
  } catch {
    return undefined;
  }
}

/** For whom a message is edited. */
interface EditCase {
  readonly fault: Fault;
  /** How many the fault has struck before. */
  readonly strikes: number;
}

type Change = (span: JsonSpan, token: string) => string | undefined;

/** What is struck if no field is named: not the top, where a message says what it is, unless there is nothing else. */
function candidates(spans: readonly JsonSpan[], field: string | undefined): readonly JsonSpan[] {
  if (field !== undefined) {
    const found = findSpan(spans, field);
    return found === undefined ? [] : [found];
  }
  const leaves = spans.filter(({ kind }) => kind !== 'object' && kind !== 'array');
  const below = leaves.filter(({ depth }) => depth > 1);
  return below.length > 0 ? below : leaves.filter(({ depth }) => depth === 1).slice(1);
}

function firstValue(text: string, { field }: Fault, change: Change): string | undefined {
  for (const span of candidates(readSpans(text) ?? [], field)) {
    const changed = change(span, text.slice(span.start, span.end));
    if (changed !== undefined) return text.slice(0, span.start) + changed + text.slice(span.end);
  }
  return undefined;
}

function eachValue(text: string, { field }: Fault, change: Change): string | undefined {
  const spans = candidates(readSpans(text) ?? [], field);
  if (spans.length === 0) return undefined;
  let result = '';
  let from = 0;
  for (const span of spans) {
    const token = text.slice(span.start, span.end);
    result += text.slice(from, span.start) + (change(span, token) ?? token);
    from = span.end;
  }
  return result + text.slice(from);
}

/** Puts properties at the end of the first `most` objects. */
function intoObjects(text: string, properties: string, most: number): string | undefined {
  const objects = (readSpans(text) ?? []).filter(({ kind }) => kind === 'object').slice(0, most);
  if (objects.length === 0) return undefined;
  const ends = objects.map(({ start, end }) => [start, end - 1] as const).sort((a, b) => a[1] - b[1]);
  let result = '';
  let from = 0;
  for (const [start, end] of ends) {
    const isEmpty = text.slice(start + 1, end).trim() === '';
    result += `${text.slice(from, end)}${isEmpty ? '' : ','}${properties}`;
    from = end;
  }
  return result + text.slice(from);
}

function otherType({ kind }: JsonSpan, token: string): string {
  if (kind === 'text') return `[${token}]`;
  if (kind === 'number') return 'true';
  return kind === 'literal' ? `"${token}"` : 'null';
}

function isWord({ kind }: JsonSpan, token: string): boolean {
  return kind === 'text' && /^"[A-Za-z][A-Za-z-]*"$/.test(token);
}

/** The digits of a number, or of a text that is one. */
function numberOf({ kind }: JsonSpan, token: string): string | undefined {
  if (kind === 'number') return token;
  return kind === 'text' && /^"-?\d+(\.\d+)?"$/.test(token) ? token.slice(1, -1) : undefined;
}

function raised(span: JsonSpan, token: string, by: string): string | undefined {
  const digits = numberOf(span, token);
  if (digits === undefined) return undefined;
  return asKind(span, decimal(digits).plus(by).toString());
}

/** A number as one of the kind that it replaces; what is no number of JSON can only be a text. */
function asKind({ kind }: JsonSpan, value: string): string {
  return kind === 'number' && /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(value)
    ? value
    : JSON.stringify(value);
}

function asJson(value: string): string {
  try {
    JSON.parse(value);
    return value;
  } catch {
    return JSON.stringify(value);
  }
}
