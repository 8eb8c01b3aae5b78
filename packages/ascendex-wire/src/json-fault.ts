/** Where text stops being JSON. */
export interface JsonFault {
  /** Index of the first character that cannot be; the length of the text if it ends too early. */
  readonly offset: number;
  /** What could have stood there. */
  readonly expected: string;
}

type Opening = '[' | '{';
type TokenKind = Opening | ']' | '}' | ',' | ':' | 'text' | 'scalar';
type Expectation =
  | 'a value'
  | 'a value or ]'
  | 'a name'
  | 'a name or }'
  | ':'
  | ', or ]'
  | ', or }'
  | 'the end';

type Step = Expectation | 'opens' | 'closes' | 'done';

interface Token {
  readonly kind: TokenKind | undefined;
  /** Index behind the token. */
  readonly end: number;
  /** What is wrong inside it. */
  readonly fault?: JsonFault;
}

/** What follows each token: the next expectation, a container that opens or closes, or a value that is done. */
const steps: Readonly<Record<Expectation, Partial<Record<TokenKind, Step>>>> = {
  'a value': { '[': 'opens', '{': 'opens', text: 'done', scalar: 'done' },
  'a value or ]': { '[': 'opens', '{': 'opens', text: 'done', scalar: 'done', ']': 'closes' },
  'a name': { text: ':' },
  'a name or }': { text: ':', '}': 'closes' },
  ':': { ':': 'a value' },
  ', or ]': { ',': 'a value', ']': 'closes' },
  ', or }': { ',': 'a name', '}': 'closes' },
  'the end': {},
};

const blanks = /[\t\n\r ]*/y;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const unicodeEscape = /u[\da-fA-F]{4}/y;

/**
 * Finds the first fault of text that `JSON.parse` refused. Engines word their own messages in many ways, some without a
 * position; this one always has it. For good text it is the end of the text. No recursion, so depth cannot overflow it.
 */
export function findJsonFault(text: string): JsonFault {
  const open: Opening[] = [];
  let expected: Expectation = 'a value';
  let at = 0;
  for (;;) {
    const offset = endOf(blanks, text, at) ?? at;
    if (offset === text.length) return { offset, expected };
    const token = readToken(text, offset);
    const step: Step | undefined = token.kind && steps[expected][token.kind];
    if (step === undefined) return { offset, expected };
    if (token.fault !== undefined) return token.fault;
    if (step === 'opens') open.push(token.kind as Opening);
    if (step === 'closes') open.pop();
    if (step === 'opens') expected = token.kind === '[' ? 'a value or ]' : 'a name or }';
    else expected = step === 'closes' || step === 'done' ? behindValue(open.at(-1)) : step;
    at = token.end;
  }
}

function behindValue(container: Opening | undefined): Expectation {
  if (container === undefined) return 'the end';
  return container === '[' ? ', or ]' : ', or }';
}

function readToken(text: string, at: number): Token {
  const char = text.charAt(at);
  if (char === '"') return readString(text, at);
  if ('[]{},:'.includes(char)) return { kind: char as TokenKind, end: at + 1 };
  const end = endOf(scalar, text, at);
  return end === undefined ? { kind: undefined, end: at } : { kind: 'scalar', end };
}

function readString(text: string, start: number): Token {
  const broken = (offset: number, expected: string): Token => ({
    kind: 'text',
    end: offset,
    fault: { offset, expected },
  });
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { kind: 'text', end: at + 1 };
    if (char < ' ') return broken(at, 'no control character in text');
    if (char !== '\\') continue;
    if (endOf(unicodeEscape, text, at + 1) !== undefined) at += 5;
    else if (/^["\\/bfnrt]$/.test(text.charAt(at + 1))) at += 1;
    else return broken(at, 'a known escape');
  }
  return broken(text.length, 'the closing quote of text');
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
