import type { ClientReading, LoadAddress, LoadPlan } from './load-plan.ts';
import { openSocket, streamOf } from './load-socket.ts';

const oldestMs = 1_000;
const symbolsPerMessage = 10;
const depthStart = '{"m":"depth","symbol":"';
/** A frame's head has its symbol, time and number, and no more than that is read of it. */
const headBytes = 112;

const plan: LoadPlan = JSON.parse(process.argv[2] ?? '');
const address: LoadAddress = JSON.parse(process.argv[3] ?? '');
let [depth, bytes, gaps, closed, books] = [0, 0, 0, 0, 0];
let ages = new Array<number>(oldestMs + 1).fill(0);
let usedMs = processorMs();

process.on('message', () => process.send?.(read()));
process.on('disconnect', () => process.exit());
for (let group = 0; group < plan.groups; group += 1) {
  for (let socket = 0; socket < plan.socketsPerGroup; socket += 1)
    await follow(group, shareOf(address.pairs, group * plan.socketsPerGroup + socket));
}
process.send?.('ready');

/** Opens a socket of a group, from the address that the group has. */
async function follow(group: number, symbols: readonly string[]): Promise<void> {
  const url = streamOf(address.streamUrl, address.accounts[group]?.group ?? 0);
  const socket = await openSocket(url, `127.0.0.${group + 2}`);
  const numbers = new Map<string, number>();
  socket.on('close', () => {
    closed += 1;
  });
  socket.on('message', (data) => {
    bytes += data.length;
    const head = data.toString('latin1', 0, headBytes);
    if (head.startsWith(depthStart)) hear(head, numbers);
    else if (head.startsWith('{"m":"ping"')) socket.send('{"op":"pong"}');
  });
  for (let at = 0; at < symbols.length; at += symbolsPerMessage)
    socket.send(`{"op":"sub","ch":"depth:${symbols.slice(at, at + symbolsPerMessage)}"}`);
}

function shareOf(pairs: readonly string[], socket: number): readonly string[] {
  const { symbolsPerSocket: count } = plan;
  return Array.from({ length: count }, (_, at) => pairs[(socket * count + at) % pairs.length] ?? '');
}

/** Each number is one more than the one before. */
function hear(head: string, numbers: Map<string, number>): void {
  const end = head.indexOf('"', depthStart.length);
  const symbol = head.slice(depthStart.length, end);
  const seqnum = numberBehind(head, '"seqnum":', end);
  const last = numbers.get(symbol);
  if (last === undefined) books += 1;
  else if (seqnum !== last + 1) gaps += 1;
  numbers.set(symbol, seqnum);
  depth += 1;
  const age = Math.min(Math.max(0, Date.now() - numberBehind(head, '"ts":', end)), oldestMs);
  ages[age] = (ages[age] ?? 0) + 1;
}

function numberBehind(head: string, name: string, from: number): number {
  const start = head.indexOf(name, from) + name.length;
  return Number(head.slice(start, head.indexOf(',', start)));
}

function read(): ClientReading {
  const used = processorMs();
  const reading: ClientReading = { processorMs: used - usedMs, depth, bytes, gaps, closed, books, ages };
  [depth, bytes, gaps, usedMs] = [0, 0, 0, used];
  ages = new Array<number>(oldestMs + 1).fill(0);
  return reading;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
