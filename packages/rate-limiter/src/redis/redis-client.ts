/** The part of an `ioredis` client that is used. */
export interface IoredisClient {
  /** Runs a script that is loaded. */
  evalsha(sha: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  /** Loads a script; gives the name to run it by. */
  script(subcommand: 'LOAD', script: string): Promise<unknown>;
}

/** The part of a `redis` (node-redis) client that is used. */
export interface NodeRedisClient {
  /** Runs a script that is loaded. */
  evalSha(sha: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** Loads a script; gives the name to run it by. */
  scriptLoad(script: string): Promise<string>;
}

/** A connected client of Redis: of the package `ioredis`, or of `redis`. It stays the caller's to connect and to close. */
export type RedisClient = IoredisClient | NodeRedisClient;

/** Runs one script on whichever client it is. */
export interface ScriptRunner {
  run(keys: readonly string[], args: readonly string[]): Promise<unknown>;
}

/** True if `value` can do what is needed of a client. */
export function isRedisClient(value: unknown): value is RedisClient {
  if (typeof value !== 'object' || value === null) return false;
  const isIoredis = 'evalsha' in value && 'script' in value;
  return isIoredis || ('evalSha' in value && 'scriptLoad' in value);
}

/** Loads a script at first use, and again where the server has lost it. */
export function createScriptRunner(client: RedisClient, script: string): ScriptRunner {
  let loading: Promise<string> | undefined;
  const load = async (): Promise<string> =>
    String('evalsha' in client ? await client.script('LOAD', script) : await client.scriptLoad(script));
  const evaluate = async (keys: readonly string[], args: readonly string[]): Promise<unknown> => {
    loading ??= load();
    const sha = await loading;
    if ('evalsha' in client) return client.evalsha(sha, keys.length, ...keys, ...args);
    return client.evalSha(sha, { keys: [...keys], arguments: [...args] });
  };
  return {
    run: async (keys, args) => {
      try {
        return await evaluate(keys, args);
      } catch (error) {
        loading = undefined;
        if (!String(error).includes('NOSCRIPT')) throw error;
        return evaluate(keys, args);
      }
    },
  };
}
