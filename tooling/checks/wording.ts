import type { Check } from './repository.ts';
import { isTestFile } from './source-files.ts';
import { lineOf } from './source-text.ts';

/** Each pattern is written so that it does not match this file. */
const unwanted: readonly {
  readonly pattern: RegExp;
  readonly expected: string;
  readonly inTests: boolean;
}[] = [
  {
    pattern: /(?<![\w.$})-])\/(?:work|root|tmp|home\/\w+)\//g,
    expected: 'no path of one machine; make temporary folders with mkdtemp',
    inTests: false,
  },
  {
    pattern: /\b(?:T[O]DO|F[I]XME|X[X]X)\b|\bissue [#]\d*/gi,
    expected: 'no note to ourselves: do it, or open an issue',
    inTests: true,
  },
];

/** The repository reads the same on every machine and leaves no notes behind. */
export const wording: Check = {
  name: 'wording: no machine paths, no notes to ourselves',
  *run(repository) {
    for (const [path, text] of repository.files) {
      if (path.endsWith('pnpm-lock.yaml') || path.endsWith('package-lock.json') || path === 'LICENSE')
        continue;
      for (const { pattern, expected, inTests } of unwanted) {
        if (isTestFile(path) && !inTests) continue;
        for (const match of text.matchAll(pattern)) {
          yield { file: `${path}:${lineOf(text, match.index)}`, expected, got: match[0] };
        }
      }
    }
  },
};
