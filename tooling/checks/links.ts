import type { Check, Problem, Repository } from './repository.ts';
import { resolveRelative } from './source-files.ts';
import { lineOf } from './source-text.ts';

/** Relative links of Markdown files lead to a file of the repository, and to a heading that it has. */
export const links: Check = {
  name: 'links: relative links in Markdown resolve',
  *run(repository) {
    for (const [path, text] of repository.files) {
      if (path.endsWith('.md')) yield* check(repository, path, text);
    }
  },
};

const patterns = [
  /\]\(\s*<?([^)\s>]+)>?(?:\s+["'][^)]*)?\)/g,
  /^\s{0,3}\[[^\]^]+\]:\s*<?(\S+?)>?(?:\s|$)/gm,
  /<(?:a|img|source)\s[^>]*?(?:href|src|srcset)="([^"\s]+)"/g,
];

function* check(repository: Repository, path: string, text: string): Generator<Problem> {
  const prose = withoutCode(text);
  for (const pattern of patterns) {
    for (const match of prose.matchAll(pattern)) {
      const target = match[1] ?? '';
      if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) continue;
      const expected = problemWith(repository, path, target);
      if (expected !== undefined)
        yield { file: `${path}:${lineOf(prose, match.index)}`, expected, got: target };
    }
  }
}

function problemWith(repository: Repository, path: string, target: string): string | undefined {
  const [file = '', anchor] = decodeURI(target).split('#');
  const resolved = file === '' ? path : resolveRelative(path, file.split('?')[0] ?? '');
  if (file.startsWith('/')) return 'a link relative to this file';
  if (resolved !== '' && !repository.paths.has(resolved)) return 'a file of this repository';
  const text = repository.files.get(resolved);
  if (anchor === undefined || anchor === '' || text === undefined || !resolved.endsWith('.md'))
    return undefined;
  return headings(text).has(anchor) ? undefined : `a heading of ${resolved}`;
}

/** Anchors as they are made from headings: lower case, no punctuation, `-` for spaces, a number for a repeated one. */
function headings(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const match of withoutFences(text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const plain = (match[1] ?? '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const slug = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    let anchor = slug;
    for (let repeat = 1; anchors.has(anchor); repeat += 1) anchor = `${slug}-${repeat}`;
    anchors.add(anchor);
  }
  return anchors;
}

function withoutCode(text: string): string {
  return withoutFences(text).replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, blank);
}

function withoutFences(text: string): string {
  return text.replace(/^(\s*)(```+|~~~+)[^\n]*\n[\s\S]*?(?:^\s*\2[^\n]*$|(?![\s\S]))/gm, blank);
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
