import { readFile } from 'node:fs/promises';
import { VenueError } from '@venuekit/connector-core';
import { createAscendexDialect } from '../dialect/ascendex/ascendex-dialect.ts';
import { noLimits } from '../dialect/ascendex/limit-options.ts';
import { parseBarsCsv } from '../history/bars-csv.ts';
import type { LoadedBars } from '../history/loaded-bars.ts';
import { loadReplay } from '../recording/replay-files.ts';
import { whyUnreadable } from '../recording/unreadable-file.ts';
import type { ListeningOptions, SimulatorOptions } from '../simulator-options.ts';
import { defaultUsers } from '../users/default-users.ts';
import type { UserOptions } from '../users/user-types.ts';
import { followRecording } from '../world/recorded-world.ts';
import { type PairProfile, selectPairs } from '../world/world-pairs.ts';
import type { RunCommand, WorldCommand } from './command-line.ts';

/**
 * Reads the files that a command names.
 * @throws VenueError `invalid-options` naming the file, and the line if one is wrong.
 */
export async function planRun(command: RunCommand): Promise<ListeningOptions> {
  const { market, port, adminPort, faults, accounts, limits } = command;
  const users = usersOf(accounts);
  const dialect = createAscendexDialect(limits ? {} : { limits: noLimits });
  const given = { market: await openMarket(market), port, faults, users, dialect };
  return adminPort === undefined ? given : { ...given, adminPort };
}

async function openMarket(market: RunCommand['market']): Promise<SimulatorOptions['market']> {
  if (market.kind === 'replay') {
    const { session, products } = await loadReplay(market);
    return { kind: 'replay', session, products, speed: market.speed };
  }
  const { seed, follow } = market;
  const world = { kind: 'synthetic', seed } as const;
  const { pairs = market.pairs ?? 8, ...course } =
    follow === undefined ? {} : followRecording(await loadReplay(follow));
  return { ...world, ...course, pairs, bars: await loadAllBars(selectPairs(pairs), market.bars) };
}

async function loadAllBars(
  profiles: readonly PairProfile[],
  files: WorldCommand['bars'],
): Promise<Readonly<Record<string, LoadedBars>>> {
  const loaded: Record<string, LoadedBars> = {};
  for (const [named, file] of files) {
    const { symbol, rules } = findPair(profiles, named);
    if (loaded[symbol] !== undefined) throw refusal(`--load: expected one file for ${symbol}, got two`);
    loaded[symbol] = parseBarsCsv(await readText(file), file, rules);
  }
  return loaded;
}

function findPair(profiles: readonly PairProfile[], named: string): PairProfile {
  const found = profiles.find(({ symbol }) => named === '' || symbol === named);
  if (found !== undefined) return found;
  const symbols = profiles.map(({ symbol }) => symbol).join(', ');
  throw refusal(`--load: expected one of ${symbols}, got ${named}`);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw refusal(`--load: expected a file of bars at ${file}: ${whyUnreadable(cause)}`, cause);
  }
}

/** The first is funded like the first of the default ones, the others like the second. */
function usersOf(accounts: number): readonly UserOptions[] {
  const [first = {}, second = {}] = defaultUsers;
  return Array.from({ length: accounts }, (_, at) => (at === 0 ? first : second));
}

function refusal(message: string, cause?: unknown): VenueError {
  return new VenueError({ code: 'invalid-options', message, cause });
}
