import { scan } from './source-text.ts';

/** One named type in a declaration file. */
export interface Declared {
  readonly name: string;
  readonly type: string;
  readonly position: number;
}

/** Everything in the text of a declaration file that has a name and a type: members, parameters, results, constants, aliases. */
export function declaredIn(text: string): readonly Declared[] {
  const { code, strings } = scan(text);
  const found: Declared[] = [...aliasesIn(text)];
  // `name: type`, and `'name': type`, whose text is blank in the code.
  for (const match of code.matchAll(/(?:(?<![\w$.])([A-Za-z_$][\w$]*)|(['"])\s*\2)\s*\??\s*:/g)) {
    const name = match[1] ?? strings.get(match.index) ?? '';
    found.push({ name, type: typeAt(code, match.index + match[0].length), position: match.index });
  }
  // `name(parameters): type`, with or without type parameters; getters too.
  for (const match of code.matchAll(/(?<![\w$.])([A-Za-z_$][\w$]*)\s*\??\s*(?=[(<])/g)) {
    const type = resultAt(code, match.index + match[0].length);
    if (type !== undefined) found.push({ name: match[1] ?? '', type, position: match.index });
  }
  // `declare const name = 0.1`.
  for (const match of code.matchAll(/\bconst\s+([\w$]+)\s*=\s*([^;]+);/g)) {
    found.push({ name: match[1] ?? '', type: match[2] ?? '', position: match.index });
  }
  return found;
}

/** The type aliases in the text of a declaration file. */
export function aliasesIn(text: string): readonly Declared[] {
  const { code } = scan(text);
  const found: Declared[] = [];
  for (const match of code.matchAll(/\btype\s+([A-Za-z_$][\w$]*)\s*(?:<[^=]*>)?\s*=/g)) {
    found.push({
      name: match[1] ?? '',
      type: typeAt(code, match.index + match[0].length),
      position: match.index,
    });
  }
  return found;
}

/** The type that starts at `start`, to where it ends. */
function typeAt(code: string, start: number): string {
  let at = start;
  while (at < code.length) {
    const char = code.charAt(at);
    if ('([{<'.includes(char)) {
      at = closing(code, at);
      continue;
    }
    if (char === '=' && code.charAt(at + 1) === '>') {
      at += 2;
      continue;
    }
    if (';,)]}>='.includes(char)) break;
    at += 1;
  }
  return code.slice(start, at);
}

/** The result type of the parameters, or type parameters, that start at `start`; `undefined` if it is no signature. */
function resultAt(code: string, start: number): string | undefined {
  let at = start;
  if (code.charAt(at) === '<') at = closing(code, at);
  if (code.charAt(at) !== '(') return undefined;
  const rest = code.slice(closing(code, at), closing(code, at) + 50);
  const colon = /^\s*:/.exec(rest);
  return colon === null ? undefined : typeAt(code, closing(code, at) + colon[0].length);
}

/** The position after the bracket that closes the one at `start`. */
export function closing(code: string, start: number): number {
  let depth = 0;
  for (let at = start; at < code.length; at += 1) {
    const char = code.charAt(at);
    if ('([{<'.includes(char)) depth += 1;
    else if (')]}'.includes(char) || (char === '>' && code.charAt(at - 1) !== '=')) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return code.length;
}

/** What has members, and from where to where its text goes. */
export interface Owner {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Interfaces, classes and functions, with where they begin and end. */
export function ownersIn(text: string): readonly Owner[] {
  const { code } = scan(text);
  const found: Owner[] = [];
  for (const match of code.matchAll(/\b(?:interface|class|function|type|const)\s+([A-Za-z_$][\w$]*)/g)) {
    const start = match.index;
    const brace = code.indexOf('{', start);
    const semicolon = code.indexOf(';', start);
    const opens = brace >= 0 && (semicolon < 0 || brace < semicolon);
    found.push({ name: match[1] ?? '', start, end: opens ? closing(code, brace) : semicolon });
  }
  return found;
}

/** `name` with what it belongs to, for example `Trade.price`. */
export function symbolOf(owners: readonly Owner[], name: string, position: number): string {
  const owner = owners.find(({ start, end }) => start <= position && position < end);
  return owner === undefined || owner.name === name ? name : `${owner.name}.${name}`;
}
