/**
 * Replaces what is between the markers of a section.
 * @throws Error if the text has no such section.
 */
export function withSection(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`expected ${start} and then ${end} in BENCHMARKS.md, got neither`);
  return `${text.slice(0, from + start.length)}\n\n${content.trim()}\n\n${text.slice(to)}`;
}

/** Every goal that some section says to be missed, with the section's name. */
export function missedGoals(text: string): string {
  const sections = text.matchAll(/<!-- bench:([\w-]+) -->([\s\S]*?)<!-- \/bench:\1 -->/g);
  const missed = [...sections]
    .filter(([, name]) => name !== 'missed')
    .flatMap(([, name, content = '']) =>
      content
        .split('\n')
        .filter((line) => line.startsWith('- **missed**: ') || /^- .*: NO$/.test(line))
        .map((line) => `- \`${name}\`: ${line.replace(/^- (\*\*missed\*\*: )?/, '').replace(/: NO$/, '')}`),
    );
  return missed.length === 0 ? 'Nothing that was measured here was missed.' : missed.join('\n');
}
