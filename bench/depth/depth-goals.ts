import type { Goal } from '../limiter/goals.ts';
import { shown } from '../limiter/table.ts';
import type { Figures } from './benchmark.ts';
import type { Workload } from './workloads.ts';

const [fast, exact] = ['venuekit: createDepthPipeline', 'venuekit: createDepthPipeline, exact way'];

/** What is meant to be reached with a workload. The bytes are for messages of five levels, the book is the same in all. */
export function depthGoals(
  { name, levelsPerSide, levelsPerMessage }: Workload,
  figures: ReadonlyMap<string, Figures>,
): readonly Goal[] {
  const ratio = (subject: string): number => figures.get(subject)?.ratio ?? Number.NaN;
  const best = (part: string): number =>
    Math.min(...[...figures.keys()].filter((subject) => subject.includes(part)).map(ratio));
  const { bytesPerMessage, bytesPerBook } = figures.get(fast) ?? {};
  const goals = [
    atMost(`${name}: pipeline of JSON.parse`, ratio(fast), 0.35, 'x'),
    atMost(`${name}: pipeline of the best of ccxt`, ratio(fast) / best('ccxt'), 0.12, 'x'),
    atMost(`${name}: pipeline of tardis-dev`, ratio(fast) / best('tardis'), 0.15, 'x'),
    atMost(`${name}: pipeline the exact way of JSON.parse`, ratio(exact), 2, 'x'),
  ];
  if (levelsPerMessage === 5)
    goals.push(atMost(`${name}: allocated a message`, bytesPerMessage ?? Number.NaN, 160, 'bytes'));
  if (levelsPerSide === 2_000 && levelsPerMessage === 5)
    goals.push(atMost('a book of 2 x 2,000 levels', (bytesPerBook ?? Number.NaN) / 1_024, 80, 'KiB'));
  return goals;
}

function atMost(text: string, got: number, most: number, unit: string): Goal {
  const places = unit === 'x' ? 2 : 0;
  return { text: `${text} <= ${most} ${unit}`, isMet: got <= most, got: `${shown(got, places)} ${unit}` };
}
