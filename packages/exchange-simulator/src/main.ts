#!/usr/bin/env node
import { fstatSync } from 'node:fs';
import { isVenueError } from '@venuekit/connector-core';
import { type Command, parseCommand, usage } from './command-line.ts';
import { type ExchangeSimulator, startSimulator } from './listening-simulator.ts';
import { loadReplay } from './recording/replay-files.ts';
import type { SimulatorOptions } from './simulator-options.ts';

async function main(args: readonly string[]): Promise<void> {
  const command = parseCommand(args);
  if (command.kind === 'help') {
    process.stdout.write(usage);
    return;
  }
  const { port, faults } = command;
  const simulator = await startSimulator({ market: await openMarket(command.market), port, faults });
  log(`listening at ${simulator.endpoints.restUrl}`);
  const life = endWithParent(simulator);
  if (command.market.kind === 'replay') {
    // Closing settles it as well, and says nothing about the frames.
    void simulator.finished.then(() => {
      if (!life.ending) log('every recorded frame is out');
    });
  }
  // Last: whoever reads this line may send a signal at once.
  process.stdout.write(`${JSON.stringify(simulator.endpoints)}\n`);
}

async function openMarket(
  market: (Command & { kind: 'run' })['market'],
): Promise<SimulatorOptions['market']> {
  if (market.kind === 'synthetic') return market;
  const { session, products } = await loadReplay(market);
  return { kind: 'replay', session, products, speed: market.speed };
}

/** Ends on a signal, and when whoever started this has closed its end of stdin. */
function endWithParent(simulator: ExchangeSimulator): { readonly ending: boolean } {
  const life = { ending: false };
  const end = (reason: string): void => {
    if (life.ending) return;
    life.ending = true;
    log(`ending: ${reason}`);
    void simulator.close().then(() => process.exit(0));
  };
  process.on('SIGINT', () => end('SIGINT'));
  process.on('SIGTERM', () => end('SIGTERM'));
  if (!isPipe(process.stdin.fd)) return life;
  process.stdin.on('end', () => end('stdin has ended'));
  process.stdin.on('error', () => end('stdin is gone'));
  process.stdin.resume();
  return life;
}

/** A parent hands down a pipe, or a socket in its place; a terminal or a file says nothing about it. */
function isPipe(descriptor: number): boolean {
  try {
    const status = fstatSync(descriptor);
    return status.isFIFO() || status.isSocket();
  } catch {
    return false;
  }
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
