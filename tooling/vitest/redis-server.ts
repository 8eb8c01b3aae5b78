import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A Redis server of the tests' own: in memory, on a free port of the loopback interface. */
export interface TestRedis extends AsyncDisposable {
  readonly port: number;
  /** It holds its connections and answers nothing. */
  pause(): void;
  resume(): void;
  /** Stops it and starts it again on the same port, with nothing in it. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What `testNeeding` wants to know. */
export const redisNeeded: { readonly requirement: 'redis'; readonly present: boolean } = {
  requirement: 'redis',
  present: spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0,
};

/** Starts a server and waits until it listens. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  let server = await start(port);
  const stop = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  return {
    port,
    pause: () => server.kill('SIGSTOP'),
    resume: () => server.kill('SIGCONT'),
    restart: async () => {
      await stop();
      server = await start(port);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function start(port: number): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  // A test process that is killed takes its server with it.
  process.once('exit', () => server.kill('SIGKILL'));
  let output = '';
  for await (const chunk of server.stdout) {
    output += String(chunk);
    if (output.includes('Ready to accept connections')) {
      server.stdout.resume();
      return server;
    }
  }
  throw new Error(`expected a redis-server on port ${port}, got:\n${output.slice(-1_000)}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('expected a port, got none');
  return address.port;
}
