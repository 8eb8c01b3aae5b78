import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { startRedis } from './server.ts';

/** A request as the server saw it. Times are milliseconds since the epoch. */
export interface SeenRequest {
  readonly client: number;
  readonly kind: string;
  readonly atMs: number;
  /** When the client says that it left. */
  readonly sentAtMs: number;
}

/** What several processes did on one shared limit. */
export interface SharedRun {
  /** What the server saw, in the order of its coming. */
  readonly seen: readonly SeenRequest[];
  /** What the clients did not get through; none is expected. */
  readonly failures: readonly string[];
}

/** How the processes run. */
export interface SharedRunOptions {
  readonly processes: number;
  readonly seconds: number;
  /** When the first is killed with SIGKILL, in milliseconds after the start; never if left out. */
  readonly killAfterMs?: number;
  readonly onProgress?: (elapsedMs: number, seen: number) => void;
}

/** The limits that the clients share: `order` counts towards `all`, and so does `query`. */
export const sharedCapacity = { all: 100, order: 60 } as const;
export const sharedWindowMs = 1_000;
/** As wide as a machine needs it on which everything else runs too: the server that counts may be late itself. */
export const sharedAllowanceMs = 250;

/** Lets some processes saturate one shared limit and counts at the server that they call. */
export async function runShared(options: SharedRunOptions): Promise<SharedRun> {
  await using redis = await startRedis();
  const seen: SeenRequest[] = [];
  const failures: string[] = [];
  const server = await countingServer((request) => seen.push(request));
  const clients = Array.from({ length: options.processes }, (_, client) =>
    startClient(client, redis.port, portOf(server), failures),
  );
  try {
    await Promise.all(clients.map((client) => once(client, 'message')));
    for (const client of clients) client.send('go');
    await untilOver(options, clients, () => seen.length);
  } finally {
    await Promise.all(clients.map(endClient));
    server.closeAllConnections();
    server.close();
  }
  return { seen, failures };
}

async function untilOver(
  { seconds, killAfterMs, onProgress }: SharedRunOptions,
  clients: readonly ChildProcess[],
  seen: () => number,
): Promise<void> {
  const start = performance.now();
  let killed = killAfterMs === undefined;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const elapsedMs = performance.now() - start;
    onProgress?.(elapsedMs, seen());
    if (!killed && elapsedMs >= (killAfterMs ?? 0)) killed = clients[0]?.kill('SIGKILL') ?? true;
    if (elapsedMs >= seconds * 1_000) return;
  }
}

function startClient(
  client: number,
  redisPort: number,
  serverPort: number,
  failures: string[],
): ChildProcess {
  const program = fileURLToPath(new URL('processes-client.ts', import.meta.url));
  const child = fork(program, [String(client), String(redisPort), String(serverPort)]);
  child.on('message', (message) => {
    if (typeof message === 'string' && message !== 'ready') failures.push(`${client}: ${message}`);
  });
  return child;
}

async function endClient(client: ChildProcess): Promise<void> {
  if (client.exitCode !== null || client.signalCode !== null) return;
  const ended = once(client, 'exit');
  client.kill('SIGKILL');
  await ended;
}

/** A server that counts: `/order/3/1767225600123.5` is an order of client 3, and when it left. */
async function countingServer(onRequest: (request: SeenRequest) => void): Promise<Server> {
  const server = createServer((request, response) => {
    const atMs = performance.timeOrigin + performance.now();
    const [, kind = '', client = '', sentAtMs = ''] = (request.url ?? '').split('/');
    onRequest({ client: Number(client), kind, atMs, sentAtMs: Number(sentAtMs) });
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port, got none');
  return address.port;
}

/** The most that was seen in any span of the window, half open. */
export function worstWindow(times: readonly number[], windowMs: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  let worst = 0;
  let from = 0;
  for (const [at, time] of sorted.entries()) {
    while (time - (sorted[from] ?? time) >= windowMs) from += 1;
    worst = Math.max(worst, at - from + 1);
  }
  return worst;
}
