import type { Redis } from 'ioredis';
import type { LimitDefinition, LimiterEvent } from '../../src/index.ts';
import { createRedisRateLimiter, type IoredisClient, type SharedRateLimiter } from '../../src/redis/index.ts';
import { failureOf } from './shared-store.ts';

/** A meter as the script was told of it. */
interface AskedMeter {
  readonly policy: string;
  readonly limit?: string;
  readonly capacity: number;
  readonly refill: number;
  readonly window: number;
  readonly allowance: number;
}

interface Body {
  readonly ticket: string;
  readonly meters: readonly AskedMeter[];
  readonly weights: Readonly<Record<string, number>>;
  readonly entries?: readonly string[];
}

/** One entry of a meter: when it was taken, by the store, in microseconds. */
interface Counted {
  readonly entry: string;
  readonly weight: number;
}

/**
 * Recounts what a store gave out. All limiters of a log use one connection, so its answers are in the order in which the store made
 * them, and the entries of a grant are the times at which it was made.
 */
export class StoreLog {
  readonly problems: string[] = [];
  readonly #counted = new Map<string, Counted[]>();
  readonly #levels = new Map<string, { level: number; at: number }>();

  limiter(
    limits: readonly LimitDefinition[],
    redis: Redis,
    keyPrefix: string,
    patience: number,
  ): SharedRateLimiter {
    const client: IoredisClient = {
      script: (subcommand, script) => redis.script(subcommand, script),
      evalsha: async (sha, count, ...rest) => {
        const reply = await redis.evalsha(sha, count, ...rest);
        this.#note(rest.slice(0, count), rest[count] ?? '', JSON.parse(rest[count + 1] ?? '{}'), reply);
        return reply;
      },
    };
    const observe = (event: LimiterEvent): void => {
      if (event.kind === 'failure') this.problems.push(failureOf(event.error));
    };
    return createRedisRateLimiter({
      client,
      keyPrefix,
      limits,
      observe,
      whenAway: 'refuse',
      // As wide as a busy machine needs it.
      allowanceMs: 60,
      replyTimeoutMs: 10_000,
      patience: { place: 0, query: patience, background: patience },
    });
  }

  #note(keys: readonly string[], action: string, body: Body, reply: unknown): void {
    const [kind, , entries] = reply as readonly [string, string, readonly string[]];
    // What leaves late counts from then on, whether there is room or not: it has left.
    if (action === 'give-back' || action === 'move') this.#each(keys, body, body.entries ?? [], this.#back);
    if (kind === 'granted') this.#each(keys, body, entries, this.#take);
    if (kind === 'moved') this.#each(keys, body, entries, this.#add);
  }

  #each(
    keys: readonly string[],
    { meters, weights }: Body,
    entries: readonly string[],
    act: (name: string, meter: AskedMeter, weight: number, entry: string) => void,
  ): void {
    for (const [at, meter] of meters.entries()) {
      const entry = entries[at] ?? '';
      if (meter.limit === undefined || entry === '') continue;
      act(keys[5 + 2 * at] ?? '', meter, weights[meter.limit] ?? 0, entry);
    }
  }

  readonly #take = (name: string, meter: AskedMeter, weight: number, entry: string): void => {
    const sum = this.#add(name, meter, weight, entry);
    if (sum > meter.capacity + 1e-6) this.problems.push(`${name} of ${meter.capacity} holds ${sum}`);
  };

  /** Gives what it holds then. */
  readonly #add = (name: string, meter: AskedMeter, weight: number, entry: string): number => {
    if (meter.policy === 'token-bucket') return this.#pour(name, meter, weight, Number(entry));
    const counted = this.#counted.get(name) ?? [];
    const overAt = Number(entry) - meter.window - meter.allowance;
    const kept =
      meter.policy === 'concurrent' ? counted : counted.filter((other) => Number(other.entry) > overAt);
    kept.push({ entry, weight });
    this.#counted.set(name, kept);
    return kept.reduce((total, other) => total + other.weight, 0);
  };

  #pour(name: string, { refill, window }: AskedMeter, weight: number, at: number): number {
    const before = this.#levels.get(name) ?? { level: 0, at };
    const level = Math.max(0, before.level - ((at - before.at) * refill) / window) + weight;
    this.#levels.set(name, { level, at });
    return level;
  }

  readonly #back = (name: string, meter: AskedMeter, weight: number, entry: string): void => {
    // When it was given back is not known: as if all of it had come back, a bucket can only seem too empty.
    if (meter.policy === 'token-bucket') {
      const before = this.#levels.get(name);
      if (before !== undefined) before.level = Math.max(0, before.level - weight);
      return;
    }
    const counted = this.#counted.get(name) ?? [];
    const at = counted.findIndex((other) => other.entry === entry && other.weight === weight);
    if (at >= 0) counted.splice(at, 1);
  };
}

/** A log with nothing in it. */
export function storeModel(): StoreLog {
  return new StoreLog();
}
