/** Prints a Markdown table: the first column to the left, the others to the right. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(
    `\n| ${head.join(' | ')} |\n|---|${head
      .slice(1)
      .map(() => '---:')
      .join('|')}|`,
  );
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}

/** A number with so many places, or a dash where there is none. */
export function shown(value: number | undefined, places = 0): string {
  return value === undefined || Number.isNaN(value) ? '-' : value.toFixed(places);
}
