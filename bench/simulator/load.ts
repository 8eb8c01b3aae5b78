import { type ChildProcess, fork } from 'node:child_process';
import { cpus } from 'node:os';
import { openOrderLoad } from './load-orders.ts';
import type { ClientReading, LoadAddress, LoadPlan, ServerReading } from './load-plan.ts';
import { type LoadResult, printLoad } from './load-report.ts';

const plan: LoadPlan = {
  // All as busy as the busiest pair of the default world.
  ...{ pairs: 300, activity: 4, depthIntervalMs: 100 },
  ...{ groups: 5, socketsPerGroup: 10, symbolsPerSocket: 30 },
  ...{ ordersPerSecond: 10, warmupSeconds: 30, seconds: 60 },
};

/** Loads a simulator in a process of its own from sockets in another, trades from this one, and prints what came of it. */
export async function measureLoad(choices: Partial<LoadPlan> = {}): Promise<void> {
  const chosen = { ...plan, ...choices };
  console.log(`\n## simulator-load\n\nNode ${process.version}, ${cpus().length} x ${cpus()[0]?.model}.`);
  const server = start('load-server', chosen);
  try {
    const address = await heard<LoadAddress>(server);
    const clients = start('load-clients', chosen, address);
    try {
      await heard(clients);
      printLoad(chosen, await run(chosen, address, server, clients));
    } finally {
      clients.disconnect();
    }
  } finally {
    server.disconnect();
  }
}

async function run(
  { warmupSeconds, seconds, ordersPerSecond }: LoadPlan,
  address: LoadAddress,
  server: ChildProcess,
  clients: ChildProcess,
): Promise<LoadResult> {
  const orders = await openOrderLoad(address);
  await orders.run(warmupSeconds, ordersPerSecond);
  const before = await ask<ServerReading>(server);
  await ask(clients);
  const beganAtMs = performance.now();
  const trips = await orders.run(seconds, ordersPerSecond);
  const [after, client] = [await ask<ServerReading>(server), await ask<ClientReading>(clients)];
  const lastedSeconds = (performance.now() - beganAtMs) / 1_000;
  return { before, after, client, trips, seconds: lastedSeconds };
}

function start(program: string, ...args: readonly unknown[]): ChildProcess {
  const path = new URL(`./${program}.ts`, import.meta.url).pathname;
  const child = fork(
    path,
    args.map((arg) => JSON.stringify(arg)),
    { execArgv: [...process.execArgv, ...(program === 'load-server' ? serverArgs() : [])] },
  );
  child.once('exit', (code) => {
    if (code === 0) return;
    console.error(`${program}: expected exit code 0, got ${code}`);
    process.exit(1);
  });
  return child;
}

/** More arguments of the server's Node, such as `--cpu-prof`. */
function serverArgs(): readonly string[] {
  return (process.env.SIMULATOR_LOAD_NODE ?? '').split(' ').filter((arg) => arg !== '');
}

function ask<Reading>(child: ChildProcess): Promise<Reading> {
  const reading = heard<Reading>(child);
  child.send('read');
  return reading;
}

function heard<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve) => child.once('message', (message) => resolve(message as Message)));
}
