/** A value in a JSON text, and where it stands there. */
export interface JsonSpan {
  /** Names and places from the outside in, such as `data.bids.0`; empty for the whole. */
  readonly path: string;
  /** How many names there are in the path. */
  readonly depth: number;
  readonly kind: 'object' | 'array' | 'text' | 'number' | 'literal';
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
}

/**
 * Every value of a JSON text, each before those within it; `undefined` if it is none. An edit of the text between two places leaves all other
 * digits as they are, which reading and writing the whole would not.
 */
export function readSpans(text: string): readonly JsonSpan[] | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return new Reader(text).read();
}

/** The value at a path, or the first whose path ends so. */
export function findSpan(spans: readonly JsonSpan[], path: string): JsonSpan | undefined {
  return spans.find((span) => span.path === path) ?? spans.find((span) => span.path.endsWith(`.${path}`));
}

interface Container {
  readonly span: JsonSpan;
  readonly at: number;
  /** Name of the next value of an object, or place of that of an array. */
  next: string | number;
}

const string = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const number = /-?\d[\d.eE+-]*/y;
const literal = /true|false|null/y;

/** Goes through a text that is known to be JSON, without recursion: it may be as deep as it likes. */
class Reader {
  readonly #text: string;
  readonly #spans: JsonSpan[] = [];
  readonly #open: Container[] = [];
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): readonly JsonSpan[] {
    while (this.#position < this.#text.length) this.#step();
    return this.#spans;
  }

  #step(): void {
    const character = this.#text[this.#position] ?? '';
    if (character === '{' || character === '[') this.#begin(character === '{' ? 'object' : 'array');
    else if (character === '}' || character === ']') this.#finish();
    else if (character === ',') this.#comma();
    else if (character === '"') this.#string();
    else if (/[-\d]/.test(character)) this.#leaf('number', number);
    else if (/[tfn]/.test(character)) this.#leaf('literal', literal);
    else this.#position += 1;
  }

  #begin(kind: 'object' | 'array'): void {
    const span = this.#add(kind, this.#position, this.#position);
    this.#open.push({ span, at: this.#spans.length - 1, next: kind === 'array' ? 0 : '' });
    this.#position += 1;
  }

  #finish(): void {
    this.#position += 1;
    const done = this.#open.pop();
    if (done !== undefined) this.#spans[done.at] = { ...done.span, end: this.#position };
  }

  #comma(): void {
    this.#position += 1;
    const within = this.#open.at(-1);
    if (within !== undefined) within.next = typeof within.next === 'number' ? within.next + 1 : '';
  }

  /** A string is a name if an object waits for one: a name is never empty here, because of its mark. */
  #string(): void {
    const within = this.#open.at(-1);
    const token = this.#match(string);
    const start = this.#position;
    this.#position += token.length;
    if (within?.span.kind === 'object' && within.next === '') within.next = `:${String(JSON.parse(token))}`;
    else this.#add('text', start, this.#position);
  }

  #leaf(kind: 'number' | 'literal', pattern: RegExp): void {
    const start = this.#position;
    this.#position += this.#match(pattern).length;
    this.#add(kind, start, this.#position);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#position;
    return pattern.exec(this.#text)?.[0] ?? '?';
  }

  #add(kind: JsonSpan['kind'], start: number, end: number): JsonSpan {
    const within = this.#open.at(-1);
    const name = within === undefined ? '' : String(within.next).replace(/^:/, '');
    const parent = within?.span.path ?? '';
    const path = parent === '' ? name : `${parent}.${name}`;
    const span: JsonSpan = { path, depth: this.#open.length, kind, start, end };
    this.#spans.push(span);
    return span;
  }
}
