/** A document that does not hold what its sources say, or asks for something that there is not. */
class BlockError extends Error {}

const block = /^<!-- generated: ([a-z-]+) -->\n([\s\S]*?)^<!-- end of \1 -->$/gm;
const opening = /^<!-- generated: ([a-z-]+) -->$/gm;

/**
 * Fills the generated blocks of a document: everything between `<!-- generated: NAME -->` and `<!-- end of NAME -->`.
 * @throws BlockError if a block has no end, or a name that `tables` does not have.
 */
export function fillBlocks(document: string, tables: Readonly<Record<string, () => string>>): string {
  const opened = [...document.matchAll(opening)].length;
  const found = [...document.matchAll(block)].length;
  if (opened !== found) throw new BlockError(`expected an end for each of ${opened} blocks, got ${found}`);
  return document.replaceAll(block, (_whole, name: string) => {
    const make = Object.hasOwn(tables, name) ? tables[name] : undefined;
    if (make === undefined) throw new BlockError(`expected a block that is known, got ${name}`);
    return `<!-- generated: ${name} -->\n\n${make()}\n\n<!-- end of ${name} -->`;
  });
}

/** The names of the generated blocks of a document. */
export function blocksIn(document: string): readonly string[] {
  return [...document.matchAll(opening)].map((match) => match[1] ?? '');
}
