import type { Redis } from 'ioredis';
import type { IoredisClient } from '../../src/redis/index.ts';

/** What becomes of a call. */
export type Steering =
  | 'pass'
  /** It never reaches the server, and nobody says so. */
  | 'lose'
  /** It reaches the server, and the answer is lost. */
  | 'lose-answer'
  /** It reaches the server, and the answer waits. */
  | 'hold-answer'
  | 'reject'
  | 'throw'
  | { readonly answer: unknown };

/** A client whose calls a test can lead astray. */
export class SteeredClient implements IoredisClient {
  steering: Steering = 'pass';
  /** The one action that is led astray; every call if left out. */
  onlyAction: string | undefined;
  /** What was asked of the store, in order. */
  readonly actions: string[] = [];
  /** How often the script was sent. */
  scripts = 0;
  readonly #client: Redis;
  readonly #held: (() => void)[] = [];

  constructor(client: Redis) {
    this.#client = client;
  }

  script(subcommand: 'LOAD', script: string): Promise<unknown> {
    this.scripts += 1;
    return this.#steer('', () => this.#client.script(subcommand, script));
  }

  evalsha(sha: string, keyCount: number, ...rest: string[]): Promise<unknown> {
    const action = rest[keyCount] ?? '';
    this.actions.push(action);
    return this.#steer(action, () => this.#client.evalsha(sha, keyCount, ...rest));
  }

  count(action: string): number {
    return this.actions.filter((other) => other === action).length;
  }

  /** Lets the answers go that were held. */
  letGo(): void {
    this.steering = 'pass';
    for (const go of this.#held.splice(0)) go();
  }

  #steer(action: string, call: () => Promise<unknown>): Promise<unknown> {
    const steering = this.onlyAction === undefined || this.onlyAction === action ? this.steering : 'pass';
    if (steering === 'throw') throw new Error('thrown at once');
    if (steering === 'reject') return Promise.reject(new Error('connection refused'));
    if (typeof steering === 'object') return Promise.resolve(steering.answer);
    if (steering === 'lose') return new Promise(() => {});
    const answer = call();
    if (steering === 'pass') return answer;
    if (steering === 'lose-answer') return new Promise(() => {});
    const gone = new Promise<void>((resolve) => this.#held.push(resolve));
    return gone.then(() => answer);
  }
}
