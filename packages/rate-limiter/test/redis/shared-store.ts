import { testNeeding } from '@venuekit/tooling-vitest/requirement';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, expect, test } from 'vitest';
import type { LimitDefinition, LimiterEvent } from '../../src/index.ts';
import {
  createRedisRateLimiter,
  type RedisClient,
  type RedisRateLimiterOptions,
  type SharedRateLimiter,
} from '../../src/redis/index.ts';
import { redisNeeded, startRedis, type TestRedis } from './server.ts';

/** The packages that a client may come from. */
export type ClientKind = 'ioredis' | 'node-redis';

/** A test with a store of its own on the server of its file; without a server it is skipped by name. */
export function storeTest(name: string, run: (store: SharedStore) => Promise<void>, kind?: ClientKind): void {
  testNeeding(test, redisNeeded, name, async () => {
    await using store = await SharedStore.open(kind);
    await run(store);
  });
}

/** The same test with both clients. */
export function storeTestOfBoth(name: string, run: (store: SharedStore) => Promise<void>): void {
  for (const kind of ['ioredis', 'node-redis'] as const) storeTest(`${name}, with ${kind}`, run, kind);
}

let server: Promise<TestRedis> | undefined;
let prefixes = 0;
afterAll(async () => (await server)?.stop());

/** What of the options a test may leave out. */
export type SharedOptions = Partial<Omit<RedisRateLimiterOptions, 'limits'>>;

/** A name on the server, and the limiters that share it. */
export class SharedStore implements AsyncDisposable {
  readonly redis: TestRedis;
  /** A client of the kind that the test is about; all limiters have it that name no other. */
  readonly client: RedisClient;
  /** A client for the test itself. */
  readonly admin: Redis;
  readonly keyPrefix: string;
  readonly events: LimiterEvent[] = [];
  /** True where the test makes the store fail. */
  mayFail = false;
  readonly #limiters: SharedRateLimiter[] = [];
  readonly #clients: (() => void)[] = [];

  private constructor(redis: TestRedis, client: RedisClient, admin: Redis, ends: (() => void)[]) {
    prefixes += 1;
    this.redis = redis;
    this.client = client;
    this.admin = admin;
    this.keyPrefix = `test-${prefixes}`;
    this.#clients = ends;
  }

  static async open(kind: ClientKind = 'ioredis'): Promise<SharedStore> {
    server ??= startRedis();
    const redis = await server;
    const ends: (() => void)[] = [];
    const client = await connect(kind, redis.port, ends);
    const admin = (await connect('ioredis', redis.port, ends)) as Redis;
    return new SharedStore(redis, client, admin, ends);
  }

  /** Another connection, of another process as far as the server can tell. */
  connect(kind: ClientKind = 'ioredis'): Promise<RedisClient> {
    return connect(kind, this.redis.port, this.#clients);
  }

  limiter(limits: readonly LimitDefinition[], options: SharedOptions = {}): SharedRateLimiter {
    const { client, keyPrefix } = this;
    const observe = (event: LimiterEvent): void => void this.events.push(event);
    const limiter = createRedisRateLimiter({
      client,
      keyPrefix,
      whenAway: 'refuse',
      observe,
      ...options,
      limits,
    });
    this.#limiters.push(limiter);
    return limiter;
  }

  get failures(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === 'failure' ? [failureOf(event.error)] : []));
  }

  /** Everything that the limiters wrote, by the name after the prefix. */
  async keys(): Promise<readonly string[]> {
    const keys = await this.admin.keys(`{${this.keyPrefix}}:*`);
    return keys.map((key) => key.slice(this.keyPrefix.length + 3)).sort();
  }

  key(name: string): string {
    return `{${this.keyPrefix}}:${name}`;
  }

  /** Weight that the store counts for all lanes of a window. */
  async used(id: string, policy = 'sliding-window', at = 0): Promise<number> {
    const field = policy === 'token-bucket' ? 'level' : 'used';
    return Number((await this.admin.hget(this.key(`${id}:${at}:cancel:${policy}:sums`), field)) ?? 0);
  }

  /** Tickets of those who wait. */
  async tickets(): Promise<number> {
    return this.admin.zcard(this.key('tickets'));
  }

  /** How often the script ran on this server. */
  async scriptCalls(): Promise<number> {
    const text = await this.admin.info('commandstats');
    return Number(/cmdstat_evalsha:calls=(\d+)/.exec(text)?.[1] ?? 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const limiter of this.#limiters) limiter.close();
    for (const end of this.#clients) end();
    if (!this.mayFail) expect(this.failures).toEqual([]);
  }
}

async function connect(kind: ClientKind, port: number, ends: (() => void)[]): Promise<RedisClient> {
  const ignore = (): void => {};
  if (kind === 'ioredis') {
    const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 20 });
    client.on('error', ignore);
    ends.push(() => client.disconnect());
    await client.ping();
    return client;
  }
  const client = createClient({ socket: { host: '127.0.0.1', port, reconnectStrategy: () => 20 } });
  client.on('error', ignore);
  ends.push(() => client.destroy());
  await client.connect();
  return client as unknown as RedisClient;
}

/** What went wrong, with its cause. */
export function failureOf(error: unknown): string {
  return error instanceof Error ? [error.message, String(error.cause ?? '')].join(' ') : String(error);
}

/** Waits until something is so. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`expected within ${withinMs} ms: ${isSo}`);
    await pause(2);
  }
}

/** Lets some time pass that the server has to see. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
