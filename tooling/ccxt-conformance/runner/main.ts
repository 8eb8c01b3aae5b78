import { accountLines } from './account-lines.ts';
import { barLines } from './bar-lines.ts';
import { cancelLines } from './cancel-lines.ts';
import { errorLines } from './error-lines.ts';
import { fillLines } from './fill-lines.ts';
import { futuresLines } from './futures-lines.ts';
import { historyLines } from './history-lines.ts';
import { marketLines } from './market-lines.ts';
import { missingLines } from './missing-lines.ts';
import { orderLines } from './order-lines.ts';
import { privateStreamLines } from './private-stream-lines.ts';
import { publicStreamLines } from './public-stream-lines.ts';
import { referenceLines } from './reference-lines.ts';
import { explain, runLines } from './report.ts';
import { createStage } from './stage.ts';
import { startExchangeSimulator } from './start-simulator.ts';
import { stopOrderLines } from './stop-order-lines.ts';

const lines = [
  ...referenceLines,
  ...marketLines,
  ...barLines,
  ...publicStreamLines,
  ...accountLines,
  ...orderLines,
  ...fillLines,
  ...stopOrderLines,
  ...cancelLines,
  ...historyLines,
  ...privateStreamLines,
  ...errorLines,
  ...missingLines,
  ...futuresLines,
];

const say = (text: string): void => console.log(text);

/** Runs the lines whose name has the words that were given, or all. */
async function run(words: readonly string[]): Promise<number> {
  const chosen = lines.filter(({ name }) => words.every((word) => name.includes(word)));
  // ccxt works on by itself: what it throws with nobody waiting is a failure too.
  const astray: unknown[] = [];
  process.on('unhandledRejection', (error) => astray.push(error));
  const simulator = await startExchangeSimulator();
  try {
    const stage = await createStage(simulator);
    const tally = await runLines(chosen, stage, say);
    await stage.close();
    for (const error of astray) say(`outside every line: FAILED ${explain(error)}`);
    const failed = tally.failed + astray.length;
    say(`\n${tally.impossible} not possible`);
    say(`${tally.passed} passed, ${failed} failed`);
    return failed === 0 && tally.passed > 0 ? 0 : 1;
  } finally {
    await simulator.stop();
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  say(`the run itself: FAILED ${explain(error)}`);
  say('0 passed, 1 failed');
  process.exitCode = 1;
}
