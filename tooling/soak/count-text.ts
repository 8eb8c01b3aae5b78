/** How wide the lines of a report are. */
const width = 100;
const indent = '    ';

/**
 * Counts for people, in lines that fit a terminal: `read book: answered` and `read book: timeout` are together behind `read book:`, and so are
 * names that begin with the same word. What is alone with its beginning comes last, by its whole name.
 */
export function countLines(counts: Readonly<Record<string, number>>): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const name of Object.keys(counts)) {
    const key = groupOf(name);
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  const shared = [...groups].filter(([key, names]) => key !== '' && names.length > 1);
  const grouped = new Set(shared.flatMap(([, names]) => names));
  const alone = Object.keys(counts).filter((name) => !grouped.has(name));
  return [
    ...shared.flatMap(([key, names]) =>
      wrap(
        `${key}:`,
        names.map((name) => `${restOf(name)} ${counts[name]}`),
      ),
    ),
    ...(alone.length === 0
      ? []
      : wrap(
          shared.length === 0 ? '' : 'others:',
          alone.map((name) => `${name} ${counts[name]}`),
        )),
  ];
}

const beginning = /^(?:(?<outcome>[^:]+): |(?<word>[^:\s]+) )(?=\S)/;

/** `read book` of `read book: timeout`, `fault` of `fault cut`; nothing where there is one word. */
function groupOf(name: string): string {
  const { outcome, word } = beginning.exec(name)?.groups ?? {};
  return outcome ?? word ?? '';
}

function restOf(name: string): string {
  return name.replace(beginning, '');
}

function wrap(title: string, entries: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = `${indent}${title}`;
  for (const [at, entry] of entries.entries()) {
    const piece = at === entries.length - 1 ? entry : `${entry},`;
    if (line.trim() !== '' && line.length + 1 + piece.length > width) {
      lines.push(line);
      line = `${indent} `;
    }
    line = line === indent ? `${indent}${piece}` : `${line} ${piece}`;
  }
  return [...lines, line];
}
