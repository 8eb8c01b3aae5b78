/** A way to write text. */
export type TextForm =
  | 'decimal'
  | 'signedDecimal'
  | 'decimalWithZeros'
  | 'symbol'
  | 'anySymbol'
  | 'asset'
  | 'account'
  | 'user'
  | 'orderId'
  | 'anyOrderId'
  | 'clientId'
  | 'decimals'
  | 'signature'
  | 'channel'
  | 'prose'
  | 'any';

/** How text is written. */
export const textForms: Readonly<Record<TextForm, RegExp>> = {
  /** Without zeros at its end, and without a sign. */
  decimal: /^(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/,
  signedDecimal: /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/,
  /** As recorded: sizes of some trades keep their zeros. */
  decimalWithZeros: /^(?:0|[1-9]\d*)(?:\.\d+)?$/,
  symbol: /^[A-Z0-9-]+\/[A-Z0-9-]+$/,
  /** A perpetual has no slash. */
  anySymbol: /^[A-Z0-9-]+(?:\/[A-Z0-9-]+)?$/,
  asset: /^[A-Z0-9-]+$/,
  account: /^(?:csh|mar)\w+$/,
  user: /^U\d{10}$/,
  orderId: /^[as][0-9a-f]{11}U\d{10}[\w-]{9}$/,
  /** Orders whose user is written without a letter. */
  anyOrderId: /^[as][0-9a-f]{11}U?\d{10}[\w-]{9}$/,
  /** A client's own. */
  clientId: /^(?:\w[\w-]*\w)?$/,
  /** Comma between several. */
  decimals: /^\d+(?:\.\d+)?(?:,\d+(?:\.\d+)?)*$/,
  signature: /^[A-Za-z0-9+/]{43}=$/,
  channel: /^[a-z-]+(?::[^\s]+)?$/,
  /** For people: what it says is not promised. */
  prose: /^.+$/,
  any: /^[\s\S]*$/,
};

/** The JSON type of a field, and how its value is written. */
export type FieldType =
  | { readonly kind: 'text'; readonly form: TextForm }
  | { readonly kind: 'words'; readonly words: readonly (string | number | boolean)[] }
  /** A JSON number of digits only, of any length. */
  | { readonly kind: 'integer'; readonly least: number }
  /** Milliseconds since the epoch. */
  | { readonly kind: 'time' }
  /** A code of a refusal. */
  | { readonly kind: 'code' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'list'; readonly of: FieldType }
  /** Price and size. */
  | { readonly kind: 'pair'; readonly of: FieldType }
  | { readonly kind: 'object'; readonly fields: Fields }
  | { readonly kind: 'either'; readonly types: readonly FieldType[] };

/** One field: its type, what it rests on, and why it may be absent if it may. */
export interface Field {
  readonly type: FieldType;
  /** See {@link evidencePattern}. */
  readonly evidence: readonly string[];
  readonly absent?: string;
}

/** Fields by their names, in the order in which they are written. */
export type Fields = Readonly<Record<string, Field>>;

/**
 * What a field may rest on. Numbers with the documents are sections of our notes on them; numbers after a word, and those of clients, are items (with a point: sections too)
 * of our list of what clients send and expect, and what else the documents say about that: `ready` and `realtime` are two pages of their own.
 */
export const evidencePattern: RegExp =
  /^(?:recorded|documents (?:\d+(?:\.\d+)?|(?:list|ready|realtime) \d+)|worked example \d\.\d|client \w+ \d+(?:\.\d+)?|choice \w+(?:\.\w+)?|choice: .+)$/;

/** A field that is always there. */
export function field(type: FieldType, ...evidence: readonly string[]): Field {
  return { type, evidence };
}

/** A field that may be absent, for a reason. */
export function maybe(absent: string, type: FieldType, ...evidence: readonly string[]): Field {
  return { type, evidence, absent };
}

export const text = (form: TextForm): FieldType => ({ kind: 'text', form });
export const words = (...list: readonly (string | number | boolean)[]): FieldType => ({
  kind: 'words',
  words: list,
});
export const integer = (least = 0): FieldType => ({ kind: 'integer', least });
export const time: FieldType = { kind: 'time' };
export const code: FieldType = { kind: 'code' };
export const boolean: FieldType = { kind: 'boolean' };
export const list = (of: FieldType): FieldType => ({ kind: 'list', of });
export const object = (fields: Fields): FieldType => ({ kind: 'object', fields });
export const either = (...types: readonly FieldType[]): FieldType => ({ kind: 'either', types });
export const decimal: FieldType = text('decimal');
export const pair: FieldType = { kind: 'pair', of: decimal };
/** A decimal, or nothing. */
export const decimalOrEmpty: FieldType = either(decimal, words(''));
