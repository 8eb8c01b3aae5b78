/** At most so many are worth reading. */
const mostNames = 3;

/**
 * Known names that may be meant by a misspelt one, the nearest first: those that few letters tell apart from it, then those that begin alike.
 * Three at most, none if nothing is near.
 */
export function nearestNames(given: string, known: readonly string[]): readonly string[] {
  const start = given.slice(0, 200).toLowerCase();
  const bound = Math.max(1, Math.floor(start.length / 3));
  return known
    .map((name) => ({ name, distance: distanceOf(start, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= bound || isPart(start, name.toLowerCase()))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, mostNames)
    .map(({ name }) => name);
}

function isPart(given: string, name: string): boolean {
  return given.length >= 3 && (name.startsWith(given) || given.startsWith(name));
}

/** How many letters have to be put in, left out, replaced, or to change places with the next one. */
function distanceOf(one: string, other: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let place = 1; place <= other.length; place += 1) {
      const replaced = (row[place - 1] ?? 0) + (one[at - 1] === other[place - 1] ? 0 : 1);
      const least = Math.min(replaced, (row[place] ?? 0) + 1, (next[place - 1] ?? 0) + 1);
      const isSwap = at > 1 && one[at - 1] === other[place - 2] && one[at - 2] === other[place - 1];
      next.push(isSwap ? Math.min(least, (before[place - 2] ?? 0) + 1) : least);
    }
    before = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}
