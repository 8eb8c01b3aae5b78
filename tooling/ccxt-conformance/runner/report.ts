import { Deviation } from './expectations.ts';
import type { Line } from './line.ts';
import type { Stage } from './stage.ts';
import { inTime } from './waiting.ts';

/** How many lines went how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly impossible: number;
}

/** Longer than everything that a line waits for. */
const longestLineMs = 30_000;

/** Runs lines one after another and says of each how it went. A line that cannot work counts only if it does work. */
export async function runLines(
  lines: readonly Line[],
  stage: Stage,
  say: (text: string) => void,
): Promise<Tally> {
  const tally = { passed: 0, failed: 0, impossible: 0 };
  for (const line of lines) {
    const wrong = await runLine(line, stage);
    if (wrong !== undefined) {
      tally.failed += 1;
      say(`${line.name}: FAILED ${wrong}`);
    } else if (line.impossible !== undefined) {
      tally.impossible += 1;
      say(`${line.name}: not possible: ${line.impossible}`);
    } else {
      tally.passed += 1;
      say(`${line.name}: ok`);
    }
  }
  return tally;
}

async function runLine(line: Line, stage: Stage): Promise<string | undefined> {
  try {
    await inTime(line.name, line.run(stage), longestLineMs);
    return undefined;
  } catch (error) {
    return explain(error);
  }
}

/** One line about an error: what deviates, or the kind of error and what it says. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.message.replace(/\s+/g, ' ').slice(0, 400);
  return error instanceof Deviation ? text : `${error.constructor.name}: ${text}`;
}
