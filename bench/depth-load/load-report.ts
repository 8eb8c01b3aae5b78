import { type Goal, printGoals } from '../limiter/goals.ts';
import { printTable, shown } from '../limiter/table.ts';
import type { LoadPlan } from './load-plan.ts';
import type { LoadResult } from './load-run.ts';

/** What {@link printLoad} compares with. A book every 15 ms is 20,000 messages a second, of which the pauses of a server may cost a little. */
const goals = { madePerSecond: 19_900, p99Ms: 10, heapKilobytes: 1_024 };
/** In less, a connector's first audits are in the second half, and are most of what it has grown by. */
const heapFromSeconds = 240;

/** Prints everything, and whether it is enough. */
export function printLoad(plan: Omit<LoadPlan, 'seconds'>, results: readonly LoadResult[]): void {
  const { symbols, depthIntervalMs } = plan;
  console.log(
    `\n${symbols} books, published every ${depthIntervalMs} ms: ${shown((symbols / depthIntervalMs) * 1_000)} messages a second. Shares are of one processor.`,
  );
  const withBooks = results.filter(({ verdict }) => verdict.books > 0);
  printLoops(results);
  printBooks(withBooks);
  printGoals(withBooks.flatMap(goalsOf));
}

function printLoops(results: readonly LoadResult[]): void {
  const rows = results.map((result) => {
    const { name, seconds, after } = result;
    const { median, p99, most } = after.client.lateness;
    const { client, server, machine } = processorMs(result);
    return [
      ...[name, shown(seconds), shown(madePerSecond(result)), shown(receivedPerSecond(result))],
      ...[median, p99, most].map((ms) => shown(ms, 2)),
      ...[client, server, machine - client - server].map((ms) => `${shown(ms / seconds / 10)} %`),
    ];
  });
  const late = ['late p50, ms', 'late p99', 'latest'];
  printTable(
    ['', 's', 'made a second', 'received', ...late, 'processor', 'that of the server', 'of others'],
    rows,
  );
}

function processorMs({ before, after }: LoadResult): Record<'client' | 'server' | 'machine', number> {
  return {
    client: after.client.processorMs - before.client.processorMs,
    server: after.server.processorMs - before.server.processorMs,
    machine: after.machineMs - before.machineMs,
  };
}

function madePerSecond({ seconds, before, after }: LoadResult): number {
  return (after.server.made - before.server.made) / seconds;
}

function receivedPerSecond({ seconds, before, after }: LoadResult): number {
  return (after.client.received - before.client.received) / seconds;
}

function printBooks(results: readonly LoadResult[]): void {
  const rows = results.map(({ name, verdict, after, heap, truth }) => [
    name,
    `${verdict.applied} of ${verdict.made}`,
    `${verdict.wrongCounts} of ${verdict.books}`,
    `${after.client.troubles}`,
    `${verdict.wrongAudits} of ${verdict.audits}`,
    `${after.client.ownAudits}`,
    `${truth.dials}, ${truth.requests.subscribe}, ${truth.requests.snapshots}, ${truth.requests.rest}`,
    shown(heapPerMillion(heap) / 1_024),
  ]);
  printTable(
    [
      ...['', 'applied', 'books with a wrong count', 'gaps, resyncs, silences', 'books not the true one'],
      ...['own audits', 'dials, subs, snapshots, REST', 'heap, KiB a million'],
    ],
    rows,
  );
}

function goalsOf(result: LoadResult): readonly Goal[] {
  const { name, seconds, after, verdict, heap } = result;
  const rate = madePerSecond(result);
  const { p99 } = after.client.lateness;
  const isWhole = verdict.wrongCounts === 0 && after.client.troubles === 0;
  const kilobytes = heapPerMillion(heap) / 1_024;
  const goal = (text: string, isMet: boolean, got: string): Goal => ({
    text: `${name}: ${text}`,
    isMet,
    got,
  });
  return [
    goal(`messages made a second >= ${goals.madePerSecond}`, rate >= goals.madePerSecond, shown(rate)),
    goal(
      'no message lost, no gap, resync or silence',
      isWhole,
      `${verdict.wrongCounts}, ${after.client.troubles}`,
    ),
    goal(
      'each book that was looked at is the true one',
      verdict.audits > 0 && verdict.wrongAudits === 0,
      `${verdict.audits - verdict.wrongAudits} of ${verdict.audits}`,
    ),
    goal(`a timer of 1 ms late, p99 < ${goals.p99Ms} ms`, p99 < goals.p99Ms, `${shown(p99, 2)} ms`),
    ...(seconds < heapFromSeconds
      ? []
      : [
          goal(
            `heap over the second half < ${goals.heapKilobytes} KiB a million messages`,
            kilobytes < goals.heapKilobytes,
            `${shown(kilobytes)} KiB`,
          ),
        ]),
  ];
}

function heapPerMillion({ half, end, messages }: LoadResult['heap']): number {
  return ((end - half) / messages) * 1e6;
}
