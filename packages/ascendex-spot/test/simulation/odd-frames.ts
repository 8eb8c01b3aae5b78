const depthText = /^\{"m":"(depth|depth-snapshot)","symbol":"([^"]+)","data":/;
const number = /"seqnum":\d+/;
/** A trade that nobody can read, and that never happened. */
const badRow = ',{"p":"1","q":"1","ts":true,"bm":true,"seqnum":1}]}';

/** How often something is odd: every so many frames of that kind. */
const [everyRow, everyTwice, everyNumber, everyLate] = [11, 7, 53, 3];

/**
 * What a venue may do that is not a fault, and of which a client must make the best: a list of trades holds one that cannot be
 * read, trades are told twice, a change of a book that nobody can read comes beside the true one, and a change comes late, so that
 * a snapshot may overtake it. Nothing true is ever missing.
 */
export class OddFrames {
  readonly #late = new Map<string, string>();
  #trades = 0;
  #changes = 0;

  /** What comes instead of a frame, in this order. */
  instead(text: string): readonly string[] {
    if (text.startsWith('{"m":"trades"')) return this.#oddTrades(text);
    // Nothing of an old subscription comes behind the word on a new one.
    if (/^\{"m":"(?:un)?sub"/.test(text)) return this.#caughtUp(text);
    const [, kind, symbol = ''] = depthText.exec(text) ?? [];
    if (kind === undefined) return [text];
    const late = this.#late.get(symbol);
    if (kind === 'depth-snapshot') {
      this.#late.delete(symbol);
      return late === undefined ? [text] : [text, late];
    }
    return this.#oddChange(symbol, text, late);
  }

  #caughtUp(text: string): readonly string[] {
    const late = [...this.#late.values()];
    this.#late.clear();
    return [...late, text];
  }

  #oddTrades(text: string): readonly string[] {
    this.#trades += 1;
    if (this.#trades % everyRow === 0 && text.endsWith('}]}')) return [`${text.slice(0, -2)}${badRow}`];
    return this.#trades % everyTwice === 0 ? [text, text] : [text];
  }

  #oddChange(symbol: string, text: string, late: string | undefined): readonly string[] {
    this.#changes += 1;
    this.#late.delete(symbol);
    if (late !== undefined) return [late, text];
    if (this.#changes % everyNumber === 0) return [text.replace(number, '"seqnum":[true]'), text];
    if (this.#changes % everyLate !== 0) return [text];
    this.#late.set(symbol, text);
    return [];
  }
}
