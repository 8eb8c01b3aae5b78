import type { Check, Problem } from './repository.ts';
import { isShipped, type SourceFile, sourceFiles } from './source-files.ts';
import { importsOf, lineOf, scan } from './source-text.ts';

interface Forbidden {
  readonly pattern: RegExp;
  readonly instead: string;
  /** A program's own entry, `main.ts`, may do it. */
  readonly allowedInMain?: boolean;
}

const time = 'time from runtime.clock';
const timers = 'timers from runtime.timers';
const chance = 'randomness from runtime.random or runtime.ids';

/** What reaches for the world instead of taking it from the runtime. Matched where comments and strings are blank. */
const forbidden: readonly Forbidden[] = [
  { pattern: /\bDate\s*\.\s*now\b/g, instead: time },
  { pattern: /\bnew\s+Date\b/g, instead: time },
  { pattern: /(?<![.\w$])performance\s*\./g, instead: time },
  { pattern: /\bprocess\s*\.\s*hrtime\b/g, instead: time },
  { pattern: bare('(?:setTimeout|setInterval|setImmediate|queueMicrotask)'), instead: timers },
  { pattern: /\bAbortSignal\s*\.\s*timeout\b/g, instead: timers },
  { pattern: /\bMath\s*\.\s*random\b/g, instead: chance },
  { pattern: /\bcrypto\s*\.\s*(?:random\w*|getRandomValues)/g, instead: chance },
  {
    pattern: /\b(?:randomBytes|randomUUID|randomInt|randomFill|randomFillSync|getRandomValues)\b/g,
    instead: chance,
  },
  { pattern: bare('fetch', '(?=\\s*\\()'), instead: 'HTTP from runtime.fetch' },
  { pattern: /\bnew\s+(?:globalThis\s*\.\s*)?WebSocket\b/g, instead: 'sockets from runtime.openSocket' },
  { pattern: /\bprocess\s*\.\s*env\b/g, instead: 'settings from options', allowedInMain: true },
  { pattern: bare('console', '\\s*\\.'), instead: 'messages to runtime.logger', allowedInMain: true },
];

/** Modules that give the same things under other names. */
const forbiddenModules: Readonly<Record<string, string>> = {
  'node:timers': timers,
  'node:timers/promises': timers,
  'node:perf_hooks': time,
};

/** Time, chance, network and settings come from the runtime, so that a simulation can drive them all. */
export const ambient: Check = {
  name: 'nothing ambient: the world comes from the runtime',
  *run(repository) {
    for (const file of sourceFiles(repository, 'packages')) {
      if (isShipped(file) && !baseName(file.path).includes('runtime')) yield* check(file);
    }
  },
};

function* check(file: SourceFile): Generator<Problem> {
  const { code } = scan(file.text);
  const main = baseName(file.path) === 'main.ts';
  for (const { pattern, instead, allowedInMain = false } of forbidden) {
    if (main && allowedInMain) continue;
    for (const match of code.matchAll(pattern)) {
      if (isDeclaration(code, match.index, match[0])) continue;
      yield { file: `${file.path}:${lineOf(code, match.index)}`, expected: instead, got: match[0].trim() };
    }
  }
  for (const { specifier, typeOnly, line } of importsOf(file.text)) {
    const instead = forbiddenModules[specifier];
    if (instead !== undefined && !typeOnly)
      yield { file: `${file.path}:${line}`, expected: instead, got: specifier };
  }
}

/** A global by its own name or through `globalThis`, and not the property of something else. */
function bare(name: string, then = ''): RegExp {
  return new RegExp(`(?:(?<![.\\w$])|\\bglobalThis\\s*\\.\\s*)${name}(?![\\w$])${then}`, 'g');
}

/** True for a method or a property that only has such a name: `{ fetch(request) { … } }`, `{ setTimeout: … }`. */
function isDeclaration(code: string, position: number, text: string): boolean {
  if (!/^\w+$/.test(text)) return false;
  const before = code.slice(0, position).trimEnd();
  if (!/(?:[{,;}(]|\basync|\breadonly)$/.test(before)) return false;
  const rest = code.slice(position + text.length).trimStart();
  if (/^\??\s*:/.test(rest)) return true;
  return rest.startsWith('(') && /^\s*[:{]/.test(rest.slice(closingParenthesis(rest)));
}

function closingParenthesis(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
