/** Length before the point, and from the point on. */
function measure(text: string): { whole: number; rest: number } {
  const point = text.indexOf('.');
  const whole = point < 0 ? text.length : point;
  return { whole, rest: text.length - whole };
}

/** Characters that the numbers need when all points stand below each other. */
export function alignedWidth(texts: readonly string[]): number {
  const sizes = texts.map(measure);
  return Math.max(0, ...sizes.map((size) => size.whole)) + Math.max(0, ...sizes.map((size) => size.rest));
}

/**
 * Writes numbers below each other in `width` characters, points in one line. Where the numbers are too different for that, as
 * many as possible share the line and the others end at the right edge; a number that is too long loses its last digits and
 * gets the sign `cut`.
 */
export function alignNumbers(texts: readonly string[], width: number, cut: string): readonly string[] {
  const sizes = texts.map(measure);
  const restWidth = bestRestWidth(sizes, width);
  return texts.map((text, index) => {
    const { whole, rest } = sizes[index] ?? { whole: 0, rest: 0 };
    if (text.length > width) return text.slice(0, Math.max(0, width - cut.length)) + cut;
    const fits = whole <= width - restWidth && rest <= restWidth;
    return (fits ? text + ' '.repeat(restWidth - rest) : text).padStart(width);
  });
}

/** Where the point stands, counted from the right, so that most numbers fit. */
function bestRestWidth(sizes: readonly { whole: number; rest: number }[], width: number): number {
  let best = { rest: 0, fitting: -1 };
  for (let rest = 0; rest <= width; rest += 1) {
    const fitting = sizes.filter((size) => size.whole <= width - rest && size.rest <= rest).length;
    // The first of equals wastes the least space at the right.
    if (fitting > best.fitting) best = { rest, fitting };
  }
  return best.rest;
}
