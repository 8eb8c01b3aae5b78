import { parseArgs } from 'node:util';
import { SoakError } from './soak-error.ts';

/** What `--help` prints. */
export const usage: string = `soak: runs many seeds of a simulation, and goes on where it was stopped.

  npx -y pnpm@12 test:soak --only NAME [--seeds N] [--minutes M] [--from BASE] [options]

  --only NAME      the simulation; without it, they are listed
  --seeds N        how many seeds (default: 200; with --minutes alone, as many as fit, up to 100,000)
  --minutes M      hands out no more seeds after so many minutes
  --from BASE      the seeds are BASE-1, BASE-2, ... (default: the commit that is checked out)
  --seed SEED      this one seed, and nothing is kept
  --workers N      processes side by side (default: 2)
  --node NODE      the Node to run on, as with --compare (default: the one that runs this)
  --twice          runs every seed again, in reverse order and in other processes; the results must be the same
  --compare NODE   runs every seed again on another Node; the results must be the same. NODE is a path, or node@VERSION
                   from the registry, as in the scorecard
  --mutant NAME    with a mistake put into a source file; stops at the first violation. There has to be one: the exit
                   code is 0 if the mistake was noticed and 1 if not, 2 if the seeds do not hold without it, which is
                   looked at first. "all" is every mutant, one after the other
  --stop-after N   hands out no more seeds after N of them had violations
  --silence S      a worker that says nothing for S seconds is ended, which is a violation (default: 300)
  --fresh          forgets what an earlier start has done
  --resume         goes on where the last start stopped; it does so anyway
  --write          writes the results into docs/scorecard.md
  --json           prints one object and nothing else on standard output
  --list FILE      a module with other simulations and mutants
  --state DIR      where it is kept how far this is (default: .soak in the repository)
  --key TEXT       goes on with what was done under the same key, whatever has changed in the sources since
  --scorecard FILE what --write writes to
  --help           this text

Progress is on standard error, results are on standard output. Exit code: 0 if everything holds, 1 after a violation or a
difference, 2 if it could not run, 130 if it was stopped.
`;

/** What the command line asks for. */
export interface SoakCommand {
  readonly only: string | undefined;
  readonly seeds: number | undefined;
  readonly minutes: number | undefined;
  readonly from: string | undefined;
  readonly seed: string | undefined;
  readonly workers: number;
  readonly node: string | undefined;
  readonly twice: boolean;
  readonly compare: string | undefined;
  readonly mutant: string | undefined;
  readonly stopAfter: number | undefined;
  readonly silenceMs: number;
  readonly fresh: boolean;
  readonly write: boolean;
  readonly json: boolean;
  readonly list: string | undefined;
  readonly state: string | undefined;
  readonly key: string | undefined;
  readonly scorecard: string | undefined;
  readonly help: boolean;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const options = {
  ...{ only: text, seeds: text, minutes: text, from: text, seed: text, workers: text, node: text },
  ...{ twice: flag, compare: text, mutant: text, 'stop-after': text, silence: text, fresh: flag },
  ...{
    resume: flag,
    write: flag,
    json: flag,
    list: text,
    state: text,
    key: text,
    scorecard: text,
    help: flag,
  },
} as const;

/**
 * Reads the arguments.
 * @throws SoakError with one sentence that names the argument.
 */
export function parseCommand(args: readonly string[]): SoakCommand {
  const values = readValues(args);
  if (values.fresh && values.resume)
    throw new SoakError('--fresh and --resume: expected one of them, got both');
  if (values.seed !== undefined && (values.seeds ?? values.minutes ?? values.from) !== undefined) {
    throw new SoakError('--seed does not go with --seeds, --minutes or --from');
  }
  if (values.mutant !== undefined && (values.twice || values.write || values.compare !== undefined)) {
    throw new SoakError('--mutant does not go with --twice, --compare or --write');
  }
  if (values.write && (values.key !== undefined || values.seed !== undefined)) {
    throw new SoakError('--write does not go with --key or --seed: such a row would not say what was run');
  }
  const { resume: _resume, silence, 'stop-after': stopAfter, ...rest } = values;
  return {
    ...{
      only: undefined,
      scorecard: undefined,
      from: undefined,
      seed: undefined,
      node: undefined,
      compare: undefined,
    },
    ...{ mutant: undefined, list: undefined, state: undefined, key: undefined },
    ...rest,
    seeds: number('--seeds', values.seeds),
    minutes: number('--minutes', values.minutes),
    workers: number('--workers', values.workers) ?? 2,
    stopAfter: number('--stop-after', stopAfter),
    silenceMs: (number('--silence', silence) ?? 300) * 1_000,
  };
}

function readValues(
  args: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof options }>>['values'] {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new SoakError(sentence);
  }
}

function number(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^\d{1,7}$/.test(given) && Number(given) > 0) return Number(given);
  throw new SoakError(`${option}: expected a whole number above 0, got "${given}"`);
}
