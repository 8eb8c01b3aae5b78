import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRateLimiter, isLimitError, type LimitErrorCode } from '../src/index.ts';
import { VirtualTime } from './models/virtual-time.ts';

interface Line {
  readonly capacity: number;
  readonly windowMs: number;
  readonly allowanceMs: number;
  /** Between those who come, in milliseconds. */
  readonly gaps: readonly number[];
  readonly how: 'deadline' | 'aborted' | 'queue-full';
  readonly patienceMs: number;
}

const drawnLine: fc.Arbitrary<Line> = fc.record({
  capacity: fc.integer({ min: 1, max: 6 }),
  windowMs: fc.integer({ min: 20, max: 200 }),
  allowanceMs: fc.constantFrom(0, 10, 100),
  gaps: fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 30 }),
  how: fc.constantFrom('deadline', 'aborted', 'queue-full'),
  patienceMs: fc.nat({ max: 40 }),
});

test('who gives up in a line is told exactly when it would have gone', { timeout: 60_000 }, async () => {
  let told = 0;
  const property = fc.asyncProperty(drawnLine, async (line) => {
    const refused = await play(line, line.how);
    if (refused === undefined) return;
    told += 1;
    const wouldGoAtMs = goesAt(line);
    expect(refused).toEqual({ code: line.how, roomAtMs: wouldGoAtMs });
  });
  await fc.assert(property, { numRuns: 1_000 });
  expect(told).toBeGreaterThan(300);
});

/** The last of the line gives up; what it is told, or `undefined` if it went. */
async function play(
  line: Line,
  how: LimitErrorCode,
): Promise<{ readonly code: LimitErrorCode; readonly roomAtMs: number } | undefined> {
  const time = new VirtualTime();
  const { capacity, windowMs, allowanceMs, gaps, patienceMs } = line;
  const cameAtMs = arrivals(gaps).at(-1) ?? 0;
  const isFull = how === 'queue-full';
  const maxWaiting = isFull ? Math.max(1, waitingAt(line)) : 1_000;
  const limits = [{ id: 'line', windows: [{ capacity, windowMs }] }];
  const limiter = createRateLimiter<string>({ limits, time, allowanceMs, maxWaiting });
  const controller = new AbortController();
  let refused: { readonly code: LimitErrorCode; readonly roomAtMs: number } | undefined;
  let isAsDrawn = true;
  const giveUp = {
    ...(how === 'deadline' ? { deadlineMs: cameAtMs + patienceMs } : {}),
    ...(how === 'aborted' ? { signal: controller.signal } : {}),
  };
  for (const [index, atMs] of arrivals(gaps).entries()) {
    const isLast = index === gaps.length - 1;
    time.setTimer(atMs, () => {
      limiter
        .run('line', () => undefined, isLast ? giveUp : {})
        .catch((error: unknown) => {
          if (!isLimitError(error)) throw error;
          isAsDrawn &&= isLast;
          refused = { code: error.code, roomAtMs: time.now() + (error.retryAfterMs ?? Number.NaN) };
        });
    });
  }
  if (how === 'aborted') time.setTimer(cameAtMs + patienceMs, () => controller.abort());
  while (time.pending > 0) {
    time.fireNext();
    for (let turn = 0; turn < 6; turn += 1) await null;
  }
  // A line that was longer before the last one came has refused others, who were to go first.
  return isAsDrawn ? refused : undefined;
}

function arrivals(gaps: readonly number[]): number[] {
  let atMs = 0;
  return gaps.map((gapMs) => {
    atMs += gapMs;
    return atMs;
  });
}

/** When each of the line goes, if nobody gives up: at its coming, or when the one `capacity` before it no longer counts. */
function departures({ capacity, windowMs, allowanceMs, gaps }: Line): number[] {
  const goAtMs: number[] = [];
  for (const [index, cameAtMs] of arrivals(gaps).entries()) {
    const roomAtMs = (goAtMs[index - capacity] ?? Number.NEGATIVE_INFINITY) + windowMs + allowanceMs;
    goAtMs.push(Math.max(cameAtMs, goAtMs[index - 1] ?? 0, roomAtMs));
  }
  return goAtMs;
}

function goesAt(line: Line): number {
  return departures(line).at(-1) ?? 0;
}

/** How many wait when the last one comes. */
function waitingAt(line: Line): number {
  const cameAtMs = arrivals(line.gaps).at(-1) ?? 0;
  return departures(line)
    .slice(0, -1)
    .filter((atMs) => atMs > cameAtMs).length;
}
