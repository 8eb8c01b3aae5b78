import { createHash } from 'node:crypto';
import type { Run } from '../measure.ts';
import { type Subject, subjects } from './subjects.ts';

const count = 2_000;
const warmupMs = 300;
const measuredMs = 400;

/** Prices and amounts of up to 15 digits, the same in every process. */
function numbers(): readonly string[] {
  let state = 20_210_417;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: count }, () => {
    const places = next(9);
    const digits = String(1 + next(10 ** (1 + next(9)))).padStart(places + 1, '0');
    return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  });
}

let sink: unknown;

/** Processor time of one call in nanoseconds; `pass` makes `count` calls. */
function time(pass: () => void): number {
  for (const start = performance.now(); performance.now() - start < warmupMs; ) pass();
  const before = process.cpuUsage();
  let passes = 0;
  for (const start = performance.now(); performance.now() - start < measuredMs; passes += 1) pass();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / (passes * count);
}

function run<V>({ parse, add, multiply, compare, format }: Subject<V>): Run {
  const texts = numbers();
  const values = texts.map(parse);
  const pairs = values.map((value, at) => [value, values[(at + 1) % count] ?? value] as const);
  const results = pairs.map(([a, b]) => [
    format(a),
    format(add(a, b)),
    format(multiply(a, b)),
    compare(a, b),
  ]);
  const digest = createHash('sha256').update(JSON.stringify(results)).digest('hex');
  const each = (work: (pair: readonly [V, V]) => unknown) => () => {
    for (const pair of pairs) sink = work(pair);
  };
  const parseAll = (): void => {
    for (const text of texts) sink = parse(text);
  };
  const nanoseconds = {
    parse: time(parseAll),
    add: time(each(([a, b]) => add(a, b))),
    multiply: time(each(([a, b]) => multiply(a, b))),
    compare: time(each(([a, b]) => compare(a, b))),
    // A library may keep the text that it made once, so each value is formatted fresh, as a new sum is.
    'add and format': time(each(([a, b]) => format(add(a, b)))),
  };
  return { nanoseconds, digest };
}

const subject = subjects[process.argv[2] ?? ''];
if (subject === undefined)
  throw new Error(`expected one of ${Object.keys(subjects).join(', ')}, got ${process.argv[2]}`);
console.log(JSON.stringify(run(subject)));
if (sink === count) process.exitCode = 1;
