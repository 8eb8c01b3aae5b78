import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import {
  formatFailure,
  runSimulation,
  type Simulation,
  type SimulationResult,
  shrinkSimulation,
} from '@venuekit/connector-testkit/simulation';
import { loadLists, named } from './lists.ts';
import { loadedSources } from './loaded-sources.ts';
import type { SeedRecord, WorkerReply, WorkerRequest } from './messages.ts';

/** Runs seeds of one simulation: requests on standard input, replies on standard output, a line of JSON each. */
const { values } = parseArgs({ options: { only: { type: 'string' }, list: { type: 'string' } } });
const lists = await loadLists(values.list);
const simulation = await named('--only', lists.simulations, values.only ?? '').load();

// The lane decides when to stop; see the guard for its end in the middle of a seed.
process.stdin.on('end', () => process.exit());

reply({ kind: 'ready', sources: loadedSources(), least: simulation.least });
for await (const line of createInterface({ input: process.stdin })) {
  const request: WorkerRequest = JSON.parse(line);
  if ('shrink' in request) reply({ kind: 'failure', text: await smallFailure(simulation, request) });
  else for (const seed of request.seeds) reply({ kind: 'seed', record: await runSeed(simulation, seed) });
}

async function runSeed(played: Simulation, seed: string): Promise<SeedRecord> {
  const startedMs = performance.now();
  const { counts, hash, steps, violations, virtualMs } = await runSimulation(played, seed);
  const ms = Math.round((performance.now() - startedMs) * 10) / 10;
  return { seed, hash, steps, virtualMs, violations, counts, ms };
}

async function smallFailure(
  played: Simulation,
  { command, shrink }: Extract<WorkerRequest, { readonly shrink: string }>,
): Promise<string> {
  const result = await runSimulation(played, shrink, { keepTrace: true });
  try {
    const onProgress = ({ runs }: { readonly runs: number }): void => reply({ kind: 'shrinking', runs });
    return formatFailure(await shrinkSimulation(played, result, { onProgress }), { command });
  } catch (error) {
    return unshrunk(result, command, error);
  }
}

/** A failure that does not come again still has to be told. */
function unshrunk(result: SimulationResult, command: string, error: unknown): string {
  return `${formatFailure(result, { command })}It was not shrunk: ${error instanceof Error ? error.message : String(error)}\n`;
}

function reply(message: WorkerReply): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
