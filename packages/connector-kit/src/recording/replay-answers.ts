/** Answers of a recording, given to those who ask for them. */
export class ReplayAnswers {
  readonly #given: ReadonlyMap<string, string>;
  /** Answers that nobody has asked for, and requests that wait, by what was asked. */
  readonly #answers = new Map<string, string[]>();
  readonly #waiting = new Map<string, ((text: string) => void)[]>();
  /** Requests that got an answer. */
  answered = 0;

  /** @param given answers by path, which come first and can be had again and again. */
  constructor(given: ReadonlyMap<string, string>) {
    this.#given = given;
  }

  /** The place of a recorded answer has come. */
  add(url: string, text: string): void {
    const key = toKey(url);
    const waiting = this.#waiting.get(key)?.shift();
    if (waiting !== undefined) waiting(text);
    else this.#answers.set(key, [...(this.#answers.get(key) ?? []), text]);
  }

  /** Answers a request, at once or when its answer comes; never, if none comes. */
  async answer(request: Request): Promise<Response> {
    request.signal.throwIfAborted();
    const text = request.method === 'GET' ? this.#find(request.url) : undefined;
    const body = text ?? (await this.#wait(request));
    this.answered += 1;
    return new Response(body, { headers: { 'content-type': 'application/json' } });
  }

  #find(url: string): string | undefined {
    return this.#given.get(new URL(url).pathname) ?? this.#answers.get(toKey(url))?.shift();
  }

  #wait({ method, signal, url }: Request): Promise<string> {
    return new Promise((resolve, reject) => {
      const key = toKey(url);
      const waiting = this.#waiting.get(key) ?? [];
      const take = (text: string): void => {
        signal.removeEventListener('abort', giveUp);
        resolve(text);
      };
      const giveUp = (): void => {
        const at = waiting.indexOf(take);
        if (at >= 0) waiting.splice(at, 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      // Nothing but a GET is in a recording.
      if (method !== 'GET') return;
      waiting.push(take);
      this.#waiting.set(key, waiting);
    });
  }
}

/** What was asked, of whichever host: a recording is played at any address. */
function toKey(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
