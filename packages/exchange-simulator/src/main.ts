#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { isVenueError } from '@venuekit/connector-core';
import { type ListeningSimulator, startExchangeSimulator } from './listening-simulator.ts';
import { announce, describe } from './program/announcement.ts';
import { parseCommand, type RunCommand } from './program/command-line.ts';
import { requireDistinctFiles } from './program/distinct-files.ts';
import { endWithParent } from './program/lifetime.ts';
import { createOutputFiles, type OutputFiles } from './program/output-files.ts';
import { planRun } from './program/run-plan.ts';
import { usage } from './program/usage.ts';
import { createSystemRuntime } from './system-runtime.ts';

async function main(args: readonly string[]): Promise<void> {
  const command = parseCommand(args);
  if (command.kind === 'help') {
    process.stdout.write(usage);
    return;
  }
  if (command.kind === 'version') {
    process.stdout.write(`${readVersion()}\n`);
    return;
  }
  await run(command);
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

async function run(command: RunCommand): Promise<void> {
  requireDistinctFiles(command);
  const files = createOutputFiles(command, log);
  const simulator = await startExchangeSimulator({ ...(await planRun(command)), ...files.options });
  await openOrEnd(files, simulator);
  const life = { isEnding: false };
  const watching = endWithParent(createSystemRuntime().timers, (reason) => {
    life.isEnding = true;
    log(`ending: ${reason}`);
    void end(simulator, files);
  });
  if (command.market.kind === 'replay') {
    // Closing settles it as well, and says nothing about the frames.
    void simulator.finished.then(() => {
      if (!life.isEnding) log('every recorded frame is out');
    });
  }
  // Last: whoever reads this may send a signal at once, or end who started this.
  await watching;
  tell(simulator, command);
}

/** A run without its files is none. */
async function openOrEnd(files: OutputFiles, simulator: ListeningSimulator): Promise<void> {
  try {
    files.open();
  } catch (error) {
    await simulator.close();
    throw error;
  }
}

async function end(simulator: ListeningSimulator, files: OutputFiles): Promise<void> {
  await simulator.close();
  process.exit((await files.close()) ? 0 : 1);
}

function tell(simulator: ListeningSimulator, { json }: RunCommand): void {
  if (json) log(`listening at ${simulator.endpoints.restUrl}`);
  process.stdout.write(json ? `${JSON.stringify(announce(simulator))}\n` : describe(simulator));
}

function log(text: string): void {
  process.stderr.write(`exchange-simulator: ${text}\n`);
}

// Whoever read our output may stop doing so; that is no fault of ours.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  await main(process.argv.slice(2));
} catch (error) {
  // Bad input is the user's business and gets one sentence; anything else is ours and keeps its stack.
  if (!isVenueError(error)) throw error;
  log(error.message);
  process.exitCode = 2;
}
