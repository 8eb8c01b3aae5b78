const lineFeed = 0x0a;

/** Cuts pieces of bytes into lines. It keeps no more than the line that has begun. */
export class LineCutter {
  #begun: Uint8Array[] = [];
  #begunBytes = 0;

  /** Bytes of the line that has begun and not ended. */
  get begunBytes(): number {
    return this.#begunBytes;
  }

  /** Lines that end in this piece, without their line breaks. */
  *cut(piece: Uint8Array): Generator<Uint8Array> {
    let start = 0;
    for (let end = piece.indexOf(lineFeed); end >= 0; end = piece.indexOf(lineFeed, start)) {
      yield this.#whole(piece.subarray(start, end));
      start = end + 1;
    }
    if (start === piece.length) return;
    this.#begun.push(piece.subarray(start));
    this.#begunBytes += piece.length - start;
  }

  #whole(end: Uint8Array): Uint8Array {
    if (this.#begunBytes === 0) return end;
    const line = Buffer.concat([...this.#begun, end]);
    this.#begun = [];
    this.#begunBytes = 0;
    return line;
  }
}
