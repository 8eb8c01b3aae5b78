import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRepository, repositoryOf } from './repository.ts';

test('a folder is read as the same repository that its files make', () => {
  const root = mkdtempSync(join(tmpdir(), 'venuekit-checks-'));
  try {
    for (const folder of ['a/b', 'node_modules/x', '.github'])
      mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, 'a/b/c.ts'), 'text');
    writeFileSync(join(root, '.github/d.yml'), 'text');
    writeFileSync(join(root, 'node_modules/x/e.ts'), 'text');
    writeFileSync(join(root, 'a/picture.png'), Uint8Array.of(1, 0, 2));
    const { files, paths } = readRepository(root);
    const expected = repositoryOf({ 'a/b/c.ts': 'text', '.github/d.yml': 'text' });
    expect(files).toEqual(expected.files);
    expect(paths).toEqual(new Set([...expected.paths, 'a/picture.png']));
  } finally {
    rmSync(root, { recursive: true });
  }
});
