import { LimitError } from '../limit-error.ts';
import type { LimiterTime } from '../time.ts';
import { createScriptRunner, type RedisClient, type ScriptRunner } from './redis-client.ts';
import { redisScript } from './redis-script.ts';

/** What the script answers: texts and lists of texts. */
export type StoreReply = readonly unknown[];

/** The store behind a limiter: one script, with a deadline of our own, as a client may wait for ever for a server that is away. */
export class RedisStore {
  readonly #runner: ScriptRunner;
  readonly #time: LimiterTime;
  readonly #timeoutMs: number;
  readonly #pending = new Set<Disposable>();
  /** The age of the store as it was last seen, and how often it had been written to: a store that has less has lost its memory. */
  #mark = '';

  constructor(client: RedisClient, time: LimiterTime, timeoutMs: number) {
    this.#runner = createScriptRunner(client, redisScript);
    this.#time = time;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * @param onLate hears an answer that came after all, too late.
   * @throws LimitError `unavailable` with the client's error as its cause.
   */
  async call(
    action: string,
    keys: readonly string[],
    body: object,
    onLate?: (reply: StoreReply) => void,
  ): Promise<StoreReply> {
    const args = [action, JSON.stringify({ ...body, mark: this.#mark })];
    let deadline: Disposable | undefined;
    let isLate = false;
    const late = new Promise<never>((_, reject) => {
      const expire = (): void => {
        isLate = true;
        reject(unavailable(`none within ${this.#timeoutMs} ms`));
      };
      deadline = this.#time.setTimer(this.#timeoutMs, expire, 'rate-limit-store');
      this.#pending.add(deadline);
    });
    try {
      const answered = this.#runner.run(keys, args).then((reply) => {
        const checked = this.#checked(reply);
        if (isLate) onLate?.(checked);
        return checked;
      });
      return await Promise.race([answered, late]);
    } catch (error) {
      throw error instanceof LimitError ? error : unavailable('the store failed', error);
    } finally {
      deadline?.[Symbol.dispose]();
      if (deadline !== undefined) this.#pending.delete(deadline);
    }
  }

  close(): void {
    for (const deadline of this.#pending) deadline[Symbol.dispose]();
    this.#pending.clear();
  }

  #checked(reply: unknown): StoreReply {
    if (!Array.isArray(reply) || typeof reply[0] !== 'string')
      throw unavailable('an answer of the wrong form');
    if (typeof reply[1] === 'string' && reply[0] !== 'ok') this.#mark = reply[1];
    return reply;
  }
}

/** The store cannot be asked. */
export function unavailable(what: string, cause?: unknown): LimitError {
  const message = `expected an answer of the shared store, got ${what}`;
  return new LimitError({ code: 'unavailable', message, ...(cause === undefined ? {} : { cause }) });
}
