import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('must-not-compile/', import.meta.url));
const manifest = import.meta.resolve('typescript/package.json');
const compiler = fileURLToPath(new URL('bin/tsc', manifest));

interface Diagnostic {
  /** `file:line`. */
  readonly place: string;
  readonly code: string;
  readonly message: string;
}

/** What the compiler says about the folder; the lines below a diagnostic belong to it. */
function diagnostics(): readonly Diagnostic[] {
  const found: { place: string; code: string; message: string }[] = [];
  for (const line of compilerOutput().split('\n')) {
    const [, file, at, code, message] = /([\w-]+\.ts)\((\d+),\d+\): error (TS\d+): (.*)/.exec(line) ?? [];
    const last = found.at(-1);
    if (file !== undefined && code !== undefined) {
      found.push({ place: `${file}:${at}`, code, message: message ?? '' });
    } else if (last !== undefined) last.message += `\n${line}`;
  }
  return found;
}

function compilerOutput(): string {
  try {
    return execFileSync(process.execPath, [compiler, '-p', folder, '--noEmit', '--pretty', 'false'], {
      encoding: 'utf8',
    });
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}

/** What the comments of the folder expect of the line below them. */
function expectations(): readonly Diagnostic[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      readFileSync(folder + file, 'utf8')
        .split('\n')
        .flatMap((line, at) => {
          const [, code, message] = /\/\/ error (TS\d+): (.*)/.exec(line) ?? [];
          return code === undefined ? [] : [{ place: `${file}:${at + 2}`, code, message: message ?? '' }];
        }),
    );
}

test('what must not compile does not, for the stated reason, and everything beside it does', () => {
  const expected = expectations();
  const found = diagnostics();
  expect(expected.length).toBeGreaterThanOrEqual(25);
  const inBrief = ({ place, code }: Diagnostic) => `${place} ${code}`;
  expect(found.map(inBrief).sort()).toEqual(expected.map(inBrief).sort());
  for (const { place, message } of expected) {
    expect(found.find((diagnostic) => diagnostic.place === place)?.message).toContain(message);
  }
});
