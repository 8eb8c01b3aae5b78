import { cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { judgeBooks, type Verdict } from './book-verdict.ts';
import type {
  Audit,
  BookReading,
  ClientAnswers,
  ClientReading,
  LoadAddress,
  LoadPlan,
  ServerAnswers,
  ServerReading,
  ServerTruth,
} from './load-plan.ts';
import { type Program, startProgram } from './program.ts';

/** What came of one client. */
export interface LoadResult {
  readonly name: string;
  readonly seconds: number;
  readonly before: Readings;
  readonly after: Readings;
  /** Bytes in use by the client at half time and at the end, and how many messages there were in between. */
  readonly heap: { readonly half: number; readonly end: number; readonly messages: number };
  /** Of the books, if the client has any. */
  readonly verdict: Verdict;
  readonly truth: ServerTruth;
}

/** Both processes, and the machine, at one moment. */
export interface Readings {
  readonly server: ServerReading;
  readonly client: ClientReading;
  /** Time of all processors at work so far, whoever it was for, in milliseconds. */
  readonly machineMs: number;
}

interface Pair {
  readonly server: Program<ServerAnswers>;
  readonly client: Program<ClientAnswers>;
}

const progressEveryMs = 5_000;
/** For what is still on its way when the books have come to rest. */
const settlingMs = 10_000;

/** Loads one client from a server of its own, a program of this folder, and ends both. */
export async function runLoad(source: string, name: string, plan: LoadPlan): Promise<LoadResult> {
  const [server, address] = await startProgram<ServerAnswers, LoadAddress>(
    source,
    [JSON.stringify(plan)],
    serverArgs(),
  );
  try {
    const [client] = await startProgram<ClientAnswers, 'ready'>('client', [name, JSON.stringify(address)]);
    try {
      return await measured(name, { server, client }, plan);
    } finally {
      await client.end();
    }
  } finally {
    await server.end();
  }
}

/** Much young memory, so that the server spends its time on messages; and what is asked for, such as `--cpu-prof`. */
function serverArgs(): readonly string[] {
  const more = (process.env.DEPTH_LOAD_NODE ?? '').split(' ').filter((arg) => arg !== '');
  return ['--max-semi-space-size=64', ...more];
}

async function measured(name: string, pair: Pair, { warmupSeconds, seconds }: LoadPlan): Promise<LoadResult> {
  const { server, client } = pair;
  await wait(warmupSeconds * 1_000);
  const books = await client.ask('books');
  const before = await readings(pair, 'begin');
  const beganAtMs = performance.now();
  const audits: Audit[] = [...before.client.audits];
  const half = await follow(pair, name, audits, beganAtMs + seconds * 500);
  const halfHeap = await client.ask('heap');
  const after = await follow(pair, name, audits, beganAtMs + seconds * 1_000);
  const lasted = (performance.now() - beganAtMs) / 1_000;
  await server.ask('stop');
  const truth = await server.ask('truth');
  const rested = await settled(client, truth);
  const { audits: late } = await client.ask('read');
  const last = await client.ask('last');
  const seen = { begin: books, end: rested, audits: [...audits, ...late], last };
  const messages = after.client.received - half.client.received;
  const heap = { half: halfHeap, end: await client.ask('heap'), messages };
  return { ...{ name, seconds: lasted, before, after, heap, truth }, verdict: judgeBooks(seen, truth) };
}

/** Asks both now and then, and says how it goes; gives the last readings. */
async function follow(pair: Pair, name: string, audits: Audit[], untilMs: number): Promise<Readings> {
  for (;;) {
    await wait(Math.min(progressEveryMs, Math.max(0, untilMs - performance.now())));
    const now = await readings(pair, 'read');
    audits.push(...now.client.audits);
    const { received, troubles, lateness } = now.client;
    process.stderr.write(
      `depth-load: ${name}: ${Math.max(0, (untilMs - performance.now()) / 1_000).toFixed(0)} s, ${received} messages, ${troubles} troubles, p99 ${lateness.p99.toFixed(2)} ms late\n`,
    );
    if (performance.now() >= untilMs) return now;
  }
}

async function readings({ server, client }: Pair, question: 'begin' | 'read'): Promise<Readings> {
  const machineMs = cpus().reduce(
    (sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq,
    0,
  );
  return { server: await server.ask('read'), client: await client.ask(question), machineMs };
}

/** The books when the last message has come. */
async function settled(
  client: Program<ClientAnswers>,
  { last }: ServerTruth,
): Promise<readonly BookReading[]> {
  const numbers = new Map(last.map(([symbol, sequence]) => [symbol, sequence]));
  const untilMs = performance.now() + settlingMs;
  for (;;) {
    const books = await client.ask('books');
    if (books.every(({ symbol, sequence }) => numbers.get(symbol) === sequence)) return books;
    if (performance.now() > untilMs) return books;
    await wait(100);
  }
}
