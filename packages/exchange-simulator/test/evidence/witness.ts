import { anywhere, endpoints, refusalForms, streamEntries } from './catalogue.ts';
import { deviationsOf, fits, isWritten, parseWritten, placesOf, type Written } from './deviations.ts';
import type { Endpoint, Entry } from './entry.ts';
import type { Field } from './field-types.ts';

/** Holds what the venue says against the catalogue, and remembers what of the catalogue has occurred. */
export interface Witness {
  /** Looks at a message of the stream; gives the name of its entry. */
  message(text: string): string;
  /** Looks at an answer of REST; `path` has no query. */
  answer(method: string, path: string, status: number, text: string): string;
  /** Everything that was not as the catalogue has it, once each. */
  readonly deviations: readonly string[];
  /** Codes of refusals, wherever they stood. */
  readonly codes: ReadonlySet<number>;
  /** Entries, fields, absences and words that have not occurred. */
  dead(kind: 'stream' | 'rest'): readonly string[];
}

/** Has seen nothing. */
export function createWitness(): Witness {
  const deviations = new Set<string>();
  const places = new Set<string>();
  const codes = new Set<number>();

  function look(entries: readonly Entry[], prefix: string, text: string): string {
    const value = parseWritten(text);
    const fitting = isWritten(value) ? entries.filter((entry) => hasMarks(entry, value)) : [];
    const [entry] = fitting;
    if (entry === undefined || fitting.length > 1) {
      const names = fitting.map(({ name }) => name);
      deviations.add(`${prefix}: expected one entry, got ${names.length === 0 ? 'none' : names} for ${text}`);
      return '';
    }
    noteCodes(JSON.parse(text), codes);
    const path = `${prefix}${entry.name}`;
    places.add(path);
    for (const found of deviationsOf(entry.fields, value, path, (place) => places.add(place)))
      deviations.add(found);
    return entry.name;
  }

  function answer(method: string, path: string, status: number, text: string): string {
    const endpoint = endpoints.find((one) => one.method === method && patternOf(one).test(path));
    const own = endpoint?.forms ?? [];
    const refused = endpoint?.refusals.map((form) => refusalForms[form]) ?? [];
    const known = [...own, ...refused].filter(({ statuses = [200] }) => statuses.includes(status));
    const prefix = endpoint === undefined || known.length === 0 ? 'any ' : nameOf(endpoint);
    const entries = prefix === 'any ' ? anywhere : known;
    return look(
      entries.filter(({ statuses = [200] }) => statuses.includes(status)),
      prefix,
      text,
    );
  }

  return {
    message: (text) => look(streamEntries, '', text),
    answer,
    get deviations() {
      return [...deviations];
    },
    codes,
    dead: (kind) => (kind === 'stream' ? streamPlaces() : restPlaces()).filter((place) => !places.has(place)),
  };
}

function streamPlaces(): readonly string[] {
  return streamEntries.flatMap((entry) => [entry.name, ...placesOf(entry.fields, entry.name)]);
}

/** Of refusals, each form of each endpoint; their fields and words once for all. */
function restPlaces(): readonly string[] {
  const whole = (prefix: string, entry: Entry): readonly string[] => [
    `${prefix}${entry.name}`,
    ...placesOf(entry.fields, `${prefix}${entry.name}`),
  ];
  return [
    ...anywhere.flatMap((entry) => whole('any ', entry)),
    ...endpoints.flatMap((endpoint) => [
      ...endpoint.forms.flatMap((entry) => whole(nameOf(endpoint), entry)),
      ...endpoint.refusals.map((form) => `${nameOf(endpoint)}${refusalForms[form].name}`),
    ]),
  ];
}

/** As its places begin. */
function nameOf({ method, path }: Endpoint): string {
  return `${method} ${path} `;
}

function patternOf({ path }: Endpoint): RegExp {
  return new RegExp(`^${path.replace('/~', '/\\d+')}$`);
}

/** True if a message or an answer has what its entry is told from others by. */
export function hasMarks({ marks, fields }: Entry, value: Written): boolean {
  return marks.every((mark) => {
    if (mark.startsWith('!')) return !Object.hasOwn(value, mark.slice(1));
    const path = mark.split('.');
    const found = path.reduce<unknown>((inner, name) => (isWritten(inner) ? inner[name] : undefined), value);
    const type = path.reduce<Field | undefined>(
      (known, name) => (known?.type.kind === 'object' ? known.type.fields[name] : undefined),
      { type: { kind: 'object', fields }, evidence: [] },
    )?.type;
    return found !== undefined && type !== undefined && fits(type, found);
  });
}

function noteCodes(value: unknown, codes: Set<number>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'code' && typeof inner === 'number') codes.add(inner);
    else noteCodes(inner, codes);
  }
}
