/** TypeScript source taken apart by a scanner that knows comments, strings, templates and regular expressions. */
export interface SourceText {
  /** The source with comments and the insides of strings and regular expressions blanked; positions and lines are kept. */
  readonly code: string;
  /** Content of each string literal by the position of its opening quote. */
  readonly strings: ReadonlyMap<number, string>;
}

/** One module that a file names. */
export interface Import {
  readonly specifier: string;
  /** True if the whole statement is erased together with types: `import type` and `export type`. */
  readonly typeOnly: boolean;
  /** Line of the statement, from 1. */
  readonly line: number;
}

/** Words after which a `/` starts a regular expression. */
const beforeExpression =
  /(?:^|[^.\w$])(?:return|typeof|case|in|of|do|else|void|delete|throw|new|yield|await)$/;

/** Takes `source` apart. */
export function scan(source: string): SourceText {
  return new Scanner(source).run();
}

class Scanner {
  readonly #source: string;
  readonly #strings = new Map<number, string>();
  /** Open braces: true where the brace belongs to a `${` of a template. */
  readonly #braces: boolean[] = [];
  #code = '';
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  run(): SourceText {
    if (this.#source.startsWith('#!')) this.#blankTo(lineEnd(this.#source, 0));
    while (this.#at < this.#source.length) this.#step();
    return { code: this.#code, strings: this.#strings };
  }

  #step(): void {
    const source = this.#source;
    const char = source.charAt(this.#at);
    const next = source.charAt(this.#at + 1);
    if (char === '/' && next === '/') this.#blankTo(lineEnd(source, this.#at));
    else if (char === '/' && next === '*') this.#blankTo(after(source, '*/', this.#at + 2));
    else if (char === '/' && this.#expressionMayStart()) this.#regularExpression();
    else if (char === "'" || char === '"') this.#string(char);
    else if (char === '`') this.#template();
    else if (char === '}' && this.#braces.at(-1) === true) this.#template();
    else this.#plain(char);
  }

  #plain(char: string): void {
    if (char === '{') this.#braces.push(false);
    if (char === '}') this.#braces.pop();
    this.#keep();
  }

  #string(quote: string): void {
    const start = this.#at;
    this.#keep();
    while (this.#at < this.#source.length) {
      const char = this.#source.charAt(this.#at);
      if (char === quote || char === '\n') break;
      this.#blankTo(this.#at + (char === '\\' ? 2 : 1));
    }
    this.#strings.set(start, this.#source.slice(start + 1, this.#at));
    this.#keep();
  }

  /** From a backtick, or from the brace that ends a `${…}`, to the next `${` or the closing backtick. */
  #template(): void {
    const start = this.#at;
    if (this.#source.charAt(start) === '}') this.#braces.pop();
    this.#keep();
    while (this.#at < this.#source.length) {
      const char = this.#source.charAt(this.#at);
      if (char === '`') {
        this.#strings.set(start, this.#source.slice(start + 1, this.#at));
        this.#keep();
        return;
      }
      if (char === '$' && this.#source.charAt(this.#at + 1) === '{') {
        this.#braces.push(true);
        this.#keep();
        this.#keep();
        return;
      }
      this.#blankTo(this.#at + (char === '\\' ? 2 : 1));
    }
  }

  #regularExpression(): void {
    this.#keep();
    let inClass = false;
    while (this.#at < this.#source.length) {
      const char = this.#source.charAt(this.#at);
      if (char === '\n' || (char === '/' && !inClass)) break;
      if (char === '[') inClass = true;
      if (char === ']') inClass = false;
      this.#blankTo(this.#at + (char === '\\' ? 2 : 1));
    }
    this.#keep();
  }

  #expressionMayStart(): boolean {
    const before = this.#code.trimEnd();
    return (
      before === '' || /[=(,:;!&|?{}[+\-*%<>~^]$/.test(before) || beforeExpression.test(before.slice(-12))
    );
  }

  #keep(): void {
    this.#code += this.#source.charAt(this.#at);
    this.#at += 1;
  }

  #blankTo(end: number): void {
    this.#code += this.#source.slice(this.#at, end).replace(/[^\n]/g, ' ');
    this.#at = end;
  }
}

/** Every module that `source` imports, re-exports or loads by a literal name, in order. */
export function importsOf(source: string): readonly Import[] {
  const { code, strings } = scan(source);
  const found: Import[] = [];
  const statement = /(?<![.\w$])(import|export)\b(?!\s*\.)((?:(?!\b(?:import|export)\b)[^;'"`=])*?)(?=['"])/g;
  for (const match of code.matchAll(statement)) {
    const clause = match[2] ?? '';
    const quoteAt = match.index + match[0].length;
    const specifier = strings.get(quoteAt);
    const names = match[1] === 'import' ? /^\s*$|^\s*\(\s*$|\bfrom\s*$/ : /\bfrom\s*$/;
    if (specifier === undefined || !names.test(clause)) continue;
    const typeOnly = /^\s*type\b(?!\s*(?:,|from\b))/.test(clause);
    found.push({ specifier, typeOnly, line: lineOf(code, match.index) });
  }
  return found;
}

/** The line of the character at `position`, from 1. */
export function lineOf(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < position; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
}

function after(source: string, text: string, from: number): number {
  const found = source.indexOf(text, from);
  return found < 0 ? source.length : found + text.length;
}
