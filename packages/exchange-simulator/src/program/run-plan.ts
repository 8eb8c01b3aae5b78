import { readFile } from 'node:fs/promises';
import { createAscendexDialect } from '../dialect/ascendex/ascendex-dialect.ts';
import { noLimits } from '../dialect/ascendex/limit-options.ts';
import { parseBarsCsv } from '../history/bars-csv.ts';
import type { LoadedBars } from '../history/loaded-bars.ts';
import { excerpt } from '../recording/exact-json.ts';
import { loadReplay, type ReplayFiles } from '../recording/replay-files.ts';
import { whyUnreadable } from '../recording/unreadable-file.ts';
import type { ListeningOptions, SimulatorOptions, SyntheticMarket } from '../simulator-options.ts';
import { defaultUsers, withAssets } from '../users/default-users.ts';
import type { UserOptions } from '../users/user-types.ts';
import { followRecording } from '../world/recorded-world.ts';
import { listedAssets, type PairProfile, selectPairs } from '../world/world-pairs.ts';
import type { RunCommand, WorldCommand } from './command-line.ts';
import { flagError, underFlag } from './flag-error.ts';

/**
 * Reads the files that a command names.
 * @throws VenueError `invalid-options` naming the file, and the line if one is wrong.
 */
export async function planRun(command: RunCommand): Promise<ListeningOptions> {
  const { port, adminPort, faults, accounts, limits } = command;
  const market = await openMarket(command.market);
  // Who cannot trade needs no account.
  const users = market.kind === 'replay' ? [] : usersOf(accounts, market);
  const dialect = createAscendexDialect(limits ? {} : { limits: noLimits });
  const given = { market, port, faults, users, dialect };
  return adminPort === undefined ? given : { ...given, adminPort };
}

async function openMarket(market: RunCommand['market']): Promise<SimulatorOptions['market']> {
  if (market.kind === 'replay') {
    const { session, products } = await underFlagLater('--replay', loadReplay(market));
    return { kind: 'replay', session, products, speed: market.speed };
  }
  const { seed, follow } = market;
  const world = { kind: 'synthetic', seed } as const;
  const { pairs = market.pairs, ...course } = follow === undefined ? {} : await openCourse(follow);
  const profiles = underFlag('--pairs', () => selectPairs(pairs));
  return { ...world, ...course, pairs: profiles, bars: await loadAllBars(profiles, market.bars) };
}

async function openCourse(files: ReplayFiles): Promise<ReturnType<typeof followRecording>> {
  const replay = await underFlagLater('--follow', loadReplay(files));
  return underFlag('--follow', () => followRecording(replay));
}

async function underFlagLater<Result>(flag: string, result: Promise<Result>): Promise<Result> {
  const [end] = await Promise.allSettled([result]);
  return underFlag(flag, () => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}

async function loadAllBars(
  profiles: readonly PairProfile[],
  files: WorldCommand['bars'],
): Promise<Readonly<Record<string, LoadedBars>>> {
  const loaded: Record<string, LoadedBars> = {};
  for (const [named, file] of files) {
    const { symbol, rules } = findPair(profiles, named);
    if (loaded[symbol] !== undefined) throw flagError(`--load: expected one file for ${symbol}, got two`);
    const text = await readText(file);
    loaded[symbol] = underFlag('--load', () => parseBarsCsv(text, file, rules));
  }
  return loaded;
}

function findPair(profiles: readonly PairProfile[], named: string): PairProfile {
  const found = profiles.find(({ symbol }) => named === '' || symbol === named);
  if (found !== undefined) return found;
  const symbols = profiles.map(({ symbol }) => symbol).join(', ');
  throw flagError(`--load: expected one of ${symbols}, got ${excerpt(named)}`);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw flagError(`--load: expected a file of bars at ${file}: ${whyUnreadable(cause)}`, cause);
  }
}

/** Everybody is funded like the first of the default ones. */
function usersOf(accounts: number, market: SyntheticMarket): readonly UserOptions[] {
  const assets = listedAssets(selectPairs(market.pairs));
  const [user = {}] = defaultUsers.map((one) => withAssets(one, assets));
  return Array.from({ length: accounts }, () => user);
}
