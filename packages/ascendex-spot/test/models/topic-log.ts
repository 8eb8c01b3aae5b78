type Fields = Readonly<Record<string, unknown>>;

/** An answer this late comes after the client has given its topic up: twice five seconds. */
const givenUpMs = 10_000;

/** The subscriptions of one connector, as its sockets saw them go out and come back, read without the connector's code. */
export class TopicLog {
  /** Topics of the requests of this connection, by id. */
  readonly #asked = new Map<string, { readonly topics: readonly string[]; readonly atMs: number }>();
  /** Topics that were asked for on this connection and have not been left since. */
  readonly #wanted = new Set<string>();
  readonly #confirmed = new Set<string>();
  readonly #ever = new Set<string>();
  readonly #refused = new Set<string>();
  /** Connections so far. */
  connection = 0;

  /** A connector was made, which has no topics. */
  began(): void {
    for (const list of [this.#asked, this.#wanted, this.#confirmed, this.#ever, this.#refused]) list.clear();
  }

  /** A connection has no topics in the beginning. */
  dialled(): void {
    this.connection += 1;
    for (const list of [this.#asked, this.#wanted, this.#confirmed]) list.clear();
  }

  /** The client sent something. */
  sent(message: Fields, atMs: number): void {
    const { args, ch, id, op } = message;
    const topics = op === 'req' ? [`depth:${(args as Fields | undefined)?.symbol}`] : topicsOf(String(ch));
    if (op === 'unsub') {
      for (const topic of topics) {
        this.#wanted.delete(topic);
        this.#confirmed.delete(topic);
      }
      return;
    }
    this.#asked.set(String(id), { topics, atMs });
    if (op === 'sub') for (const topic of topics) this.#wanted.add(topic);
  }

  /** The client got an answer to a subscription or a refusal. */
  answered({ ch, code, id, m }: Fields, atMs: number, busySince: (atMs: number) => number): void {
    const asked = this.#asked.get(String(id));
    const named = typeof ch === 'string' && ch !== '' ? topicsOf(ch) : undefined;
    const isRefusal = m === 'error' || (typeof code === 'number' && code !== 0);
    if (isRefusal) for (const topic of named ?? asked?.topics ?? []) this.#refused.add(topic);
    else if (m === 'sub' && asked !== undefined)
      for (const topic of named ?? [])
        this.#confirm(topic, atMs - asked.atMs < givenUpMs + busySince(asked.atMs));
  }

  /** True if the venue confirmed this topic to this connector, whenever that was. */
  wasConfirmed(topic: string): boolean {
    return this.#ever.has(topic);
  }

  /** True if the venue refused this topic, or a request about it, whenever that was. */
  wasRefused(topic: string): boolean {
    return this.#refused.has(topic);
  }

  /** Topics that are confirmed on this connection and were not left again. */
  get confirmed(): ReadonlySet<string> {
    return this.#confirmed;
  }

  #confirm(topic: string, inTime: boolean): void {
    if (!this.#wanted.has(topic)) return;
    this.#ever.add(topic);
    if (inTime) this.#confirmed.add(topic);
  }
}

function topicsOf(channel: string): readonly string[] {
  const [name = '', symbols = ''] = channel.split(':');
  return symbols.split(',').map((symbol) => `${name}:${symbol}`);
}
