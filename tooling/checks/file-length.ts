import type { Check } from './repository.ts';
import { isTestFile } from './source-files.ts';

const sourceLines = 400;
const testLines = 500;

/** A file over the limit is a sign that two jobs share a room. */
export const fileLength: Check = {
  name: `file length: sources up to ${sourceLines} lines, tests up to ${testLines}`,
  *run(repository) {
    for (const [path, text] of repository.files) {
      if (!/\.(?:ts|js|mjs|css)$/.test(path)) continue;
      const limit = isTestFile(path) ? testLines : sourceLines;
      const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
      if (lines > limit) yield { file: path, expected: `at most ${limit} lines`, got: `${lines}` };
    }
  },
};
