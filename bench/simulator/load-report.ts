import type { RoundTrips } from './load-orders.ts';
import type { ClientReading, LoadPlan, ServerReading } from './load-plan.ts';

/** What was measured. */
export interface LoadResult {
  readonly before: ServerReading;
  readonly after: ServerReading;
  readonly client: ClientReading;
  readonly trips: RoundTrips;
  readonly seconds: number;
}

/** What {@link printLoad} compares with: depth messages a second, and the median of an order's round trip. */
const goals = { depthPerSecond: 5_000, medianMs: 5 };

/** Prints everything, and whether it is enough. */
export function printLoad(plan: LoadPlan, result: LoadResult): void {
  const { before, after, client, trips, seconds } = result;
  const perSecond = (count: number): string => (count / seconds).toFixed(0);
  const percent = (ms: number): string => `${(ms / seconds / 10).toFixed(1)} %`;
  const sockets = plan.groups * plan.socketsPerGroup;
  console.log(
    `\n${plan.pairs} pairs, activity ${plan.activity}, published every ${plan.depthIntervalMs} ms; ${sockets} sockets over ${plan.groups} account groups and as many addresses, each with ${plan.symbolsPerSocket} symbols; limits as on the venue; ${seconds.toFixed(1)} s.\n`,
  );
  printRows([
    ['depth messages received, a second', perSecond(client.depth)],
    ['depth messages made, a second', perSecond(after.depth - before.depth)],
    ['frames sent, a second', perSecond(after.sent - before.sent)],
    ['received, MiB a second', (client.bytes / seconds / 2 ** 20).toFixed(2)],
    ['age on arrival, ms: median, p95, p99', agesText(client.ages)],
    ['processor, server', percent(after.processorMs - before.processorMs)],
    ['of that in the kernel', percent(after.systemMs - before.systemMs)],
    ['processor, clients', percent(client.processorMs)],
    ['memory of the server, MiB', (after.residentBytes / 2 ** 20).toFixed(0)],
    ['event loop of the server late, ms: median, p99, most', latenessText(after.lateness)],
    ['gaps', `${client.gaps}`],
    ['sockets closed', `${client.closed}`],
    ['books heard of', `${client.books} of ${sockets * plan.symbolsPerSocket}`],
  ]);
  printTrips(trips);
  const placed = percentile(trips.placed, 0.5);
  say('5,000 depth messages a second', client.depth / seconds >= goals.depthPerSecond);
  say('an order answered within 5 ms at the median', placed < goals.medianMs);
  say('no gap, no socket lost', client.gaps === 0 && client.closed === 0);
}

function printRows(rows: readonly (readonly [name: string, value: string])[]): void {
  console.log('| | |\n|---|---:|');
  for (const [name, value] of rows) console.log(`| ${name} | ${value} |`);
}

function printTrips({ placed, announced, canceled, cancelAnnounced }: RoundTrips): void {
  console.log('\n| round trip, ms | count | p50 | p95 | p99 | most |\n|---|---:|---:|---:|---:|---:|');
  for (const [name, times] of [
    ['order, to its reply', placed],
    ['order, to its update', announced],
    ['cancel, to its reply', canceled],
    ['cancel, to its update', cancelAnnounced],
  ] as const) {
    const shown = [0.5, 0.95, 0.99, 1].map((share) => percentile(times, share).toFixed(2));
    console.log(`| ${name} | ${times.length} | ${shown.join(' | ')} |`);
  }
  console.log('');
}

function percentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function agesText(ages: readonly number[]): string {
  const count = ages.reduce((sum, more) => sum + more, 0);
  const ageAt = (share: number): number => {
    let sum = 0;
    return ages.findIndex((more) => {
      sum += more;
      return sum >= share * count;
    });
  };
  return [0.5, 0.95, 0.99].map(ageAt).join(', ');
}

function latenessText({ median, p99, most }: ServerReading['lateness']): string {
  return [median, p99, most].map((ms) => ms.toFixed(1)).join(', ');
}

function say(goal: string, isMet: boolean): void {
  console.log(`- ${goal}: ${isMet ? 'yes' : 'NO'}`);
}
