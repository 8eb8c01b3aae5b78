import { printHeading } from '../measure.ts';
import { checkSubjects } from './checking.ts';
import { measureFree } from './free.ts';
import { printGoals } from './goals.ts';
import { measureSaturated } from './saturation.ts';
import { measureWaiters } from './waiting.ts';

/**
 * Limiters on the two limits of one exchange: what a free acquire costs, what 4,000 queued requests get in ten seconds, what a long
 * queue costs. The long runs have fewer rounds.
 */
export async function benchmarkLimiters(rounds: number): Promise<void> {
  printHeading('limiter', rounds);
  await checkSubjects();
  const fewer = Math.ceil(rounds / 4);
  const goals = [
    ...measureFree(rounds),
    ...(await measureSaturated(fewer)),
    ...(await measureWaiters(fewer)),
  ];
  printGoals(goals);
}
