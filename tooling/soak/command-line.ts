import { parseArgs } from 'node:util';
import { SoakError } from './soak-error.ts';

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
  readonly scorecard: string | undefined;
  readonly help: boolean;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const options = {
  ...{ only: text, seeds: text, minutes: text, from: text, seed: text, workers: text, node: text },
  ...{ twice: flag, compare: text, mutant: text, 'stop-after': text, silence: text, fresh: flag },
  ...{ write: flag, json: flag, list: text, state: text, scorecard: text, help: flag },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** What an option may be at most where nothing else bounds it. */
const most = 9_999_999;
/** More processes side by side are a slip of the finger. */
const mostWorkers = 64;
/** A day: more is no silence that anybody waits for, and a timer would not hold it. */
const mostSilenceSeconds = 86_400;

/**
 * Reads the arguments.
 * @throws SoakError with one sentence that names the argument.
 */
export function parseCommand(args: readonly string[]): SoakCommand {
  const values = readValues(args);
  expectTogether(values);
  const { silence, 'stop-after': stopAfter, ...rest } = values;
  return {
    ...{ only: undefined, scorecard: undefined, from: undefined, seed: undefined, node: undefined },
    ...{ compare: undefined, mutant: undefined, list: undefined, state: undefined },
    ...rest,
    seeds: number('--seeds', values.seeds),
    minutes: number('--minutes', values.minutes),
    workers: number('--workers', values.workers, mostWorkers) ?? 2,
    stopAfter: number('--stop-after', stopAfter),
    silenceMs: (number('--silence', silence, mostSilenceSeconds) ?? 300) * 1_000,
  };
}

/** Refuses what makes no sense together, or alone. */
function expectTogether(values: Values): void {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === false ? [] : [name],
  );
  const alone = given.find((name) => !['only', 'list', 'help'].includes(name));
  if (values.only === undefined && !values.help && alone !== undefined) {
    throw new SoakError(`--${alone}: expected --only NAME beside it, got none`);
  }
  if (values.seed !== undefined && (values.seeds ?? values.minutes ?? values.from) !== undefined) {
    throw new SoakError('--seed does not go with --seeds, --minutes or --from');
  }
  if (values.mutant !== undefined && (values.twice || values.write || values.compare !== undefined)) {
    throw new SoakError('--mutant does not go with --twice, --compare or --write');
  }
  if (values.write && values.seed !== undefined) {
    throw new SoakError('--write does not go with --seed: one seed makes no row');
  }
}

function readValues(args: readonly string[]): Values {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new SoakError(sentence);
  }
}

function number(option: string, given: string | undefined, upTo: number = most): number | undefined {
  if (given === undefined) return undefined;
  if (/^\d{1,7}$/.test(given) && Number(given) > 0 && Number(given) <= upTo) return Number(given);
  throw new SoakError(
    `${option}: expected a whole number from 1 to ${upTo.toLocaleString('en')}, got "${given}"`,
  );
}
