import { refusals } from '../../src/dialect/ascendex/error-codes.ts';
import { type Field, type Fields, type FieldType, textForms } from './field-types.ts';

/** A JSON number as its digits were written. */
export class JsonNumber {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

/** Reads JSON whose numbers keep their digits. */
export function parseWritten(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' ? new JsonNumber(context?.source ?? String(value)) : value;
  return JSON.parse(text, revive);
}

/** A JSON object that was read by {@link parseWritten}. */
export type Written = Readonly<Record<string, unknown>>;

export function isWritten(value: unknown): value is Written {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber)
  );
}

/** Told of every field that is there, with its path and its word if it has words. */
export type Notice = (path: string) => void;

const codes = new Set<number>([
  ...Object.values(refusals).map(({ code: known }) => known),
  ...[404, 414, 429],
]);

/** 2015 to 2100. */
const [firstTime, lastTime] = [1_420_070_400_000, 4_102_444_800_000];

/** In what an object differs from its fields: unknown, missing and misplaced ones, and values that are not of their type. */
export function deviationsOf(
  fields: Fields,
  value: unknown,
  path: string,
  notice: Notice,
): readonly string[] {
  if (!isWritten(value)) return [`${path}: expected an object, got ${show(value)}`];
  const names = Object.keys(value);
  const found = names
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => `${path}.${name}: unknown`);
  const wanted = Object.keys(fields).filter((name) => Object.hasOwn(value, name));
  const known = names.filter((name) => Object.hasOwn(fields, name));
  if (wanted.join() !== known.join()) found.push(`${path}: expected the order ${wanted}, got ${known}`);
  for (const [name, { type, absent }] of Object.entries(fields)) {
    const inner = `${path}.${name}`;
    if (Object.hasOwn(value, name)) {
      notice(inner);
      found.push(...valueDeviations(type, value[name], inner, notice));
    } else if (absent === undefined) found.push(`${inner}: missing`);
    else notice(`${inner} absent`);
  }
  return found;
}

function valueDeviations(type: FieldType, value: unknown, path: string, notice: Notice): readonly string[] {
  switch (type.kind) {
    case 'object':
      return deviationsOf(type.fields, value, path, notice);
    case 'list':
      if (!Array.isArray(value)) return [`${path}: expected a list, got ${show(value)}`];
      return value.flatMap((item) => valueDeviations(type.of, item, `${path}[]`, notice));
    case 'pair':
      if (!Array.isArray(value) || value.length !== 2)
        return [`${path}: expected price and size, got ${show(value)}`];
      return value.flatMap((item) => valueDeviations(type.of, item, `${path}[]`, notice));
    case 'either': {
      const fitting = type.types.find((one) => valueDeviations(one, value, path, () => {}).length === 0);
      if (fitting !== undefined) return valueDeviations(fitting, value, path, notice);
      return [`${path}: expected one of ${type.types.map(({ kind }) => kind)}, got ${show(value)}`];
    }
    default:
      if (type.kind === 'words') notice(`${path} = ${plain(value)}`);
      return isOfType(type, value) ? [] : [`${path}: expected ${describe(type)}, got ${show(value)}`];
  }
}

function isOfType(type: FieldType, value: unknown): boolean {
  switch (type.kind) {
    case 'text':
      return typeof value === 'string' && textForms[type.form].test(value);
    case 'words':
      return type.words.some((word) => word === plain(value));
    case 'integer':
      return (
        value instanceof JsonNumber && /^-?\d+$/.test(value.digits) && Number(value.digits) >= type.least
      );
    case 'time': {
      const ms = value instanceof JsonNumber && /^\d{13}$/.test(value.digits) ? Number(value.digits) : 0;
      return ms >= firstTime && ms <= lastTime;
    }
    case 'code':
      return value instanceof JsonNumber && codes.has(Number(value.digits));
    case 'boolean':
      return typeof value === 'boolean';
    default:
      return false;
  }
}

/** True if a value may be one of a type, without a look into lists and objects. */
export function fits(type: FieldType, value: unknown): boolean {
  switch (type.kind) {
    case 'object':
      return isWritten(value);
    case 'list':
    case 'pair':
      return Array.isArray(value);
    case 'either':
      return type.types.some((one) => fits(one, value));
    default:
      return isOfType(type, value);
  }
}

/** Everything that {@link deviationsOf} would be noticing if all of the fields, absences and words occurred. */
export function placesOf(fields: Fields, path: string): readonly string[] {
  return Object.entries(fields).flatMap(([name, given]) => fieldPlaces(given, `${path}.${name}`));
}

function fieldPlaces({ type, absent }: Field, path: string): readonly string[] {
  return [path, ...(absent === undefined ? [] : [`${path} absent`]), ...typePlaces(type, path)];
}

function typePlaces(type: FieldType, path: string): readonly string[] {
  switch (type.kind) {
    case 'object':
      return placesOf(type.fields, path);
    case 'list':
      return typePlaces(type.of, `${path}[]`);
    case 'either':
      return type.types.flatMap((one) => typePlaces(one, path));
    case 'words':
      return type.words.map((word) => `${path} = ${word}`);
    default:
      return [];
  }
}

function plain(value: unknown): unknown {
  return value instanceof JsonNumber ? Number(value.digits) : value;
}

function describe(type: FieldType): string {
  if (type.kind === 'text') return `text: ${type.form}`;
  return type.kind === 'words' ? `one of ${type.words.map((word) => JSON.stringify(word))}` : type.kind;
}

function show(value: unknown): string {
  if (value instanceof JsonNumber) return value.digits;
  const shown = JSON.stringify(value) ?? 'nothing';
  return shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
}
