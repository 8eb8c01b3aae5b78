/** What a program asks for: the address of the answer, with its query. */
export interface RestTarget {
  readonly origin: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The three of them together. */
  readonly url: string;
}

/** One way to ask for market data. */
export interface RestSubject {
  /** Makes what asks once, and gives the answer as text, or parsed. @throws if there is none. */
  open(target: RestTarget): () => Promise<unknown>;
}
