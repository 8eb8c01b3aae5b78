/** Parts of a path that are shown: enough to find the file, and the same on every machine. */
const shownParts = 4;

/** Where the first frame with a place is: `package/src/folder/file.ts:line:column`; undefined without one. */
export function stackPlace(stack: string): string | undefined {
  for (const frame of stack.split('\n')) {
    const place = /(?:\(|at (?:async )?)((?!node:)[^()]+:\d+:\d+)\)?$/.exec(frame.trim())?.[1];
    if (place !== undefined) return place.split(/[\\/]/).slice(-shownParts).join('/');
  }
  return undefined;
}

/** What was thrown, in one line, with its place where it has one. */
export function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `${typeof thrown} ${String(thrown)}`;
  const place = stackPlace((thrown.stack ?? '').split('\n').slice(1).join('\n'));
  return `${thrown.name}: ${thrown.message}${place === undefined ? '' : ` (${place})`}`;
}
