import { VenueError } from '@venuekit/connector-core';
import type { CommissionType, InstrumentRules } from '../engine/engine-types.ts';
import { createListing } from '../floor/listing.ts';
import type { ProductRecord } from '../market/product.ts';
import type { LoadedReplay } from '../recording/replay-files.ts';
import { between } from '../traders/pair-draws.ts';
import { pairLimits, type ReferencePrice } from '../traders/trader-pair.ts';
import { type RecordedCourse, readCourse } from './recorded-course.ts';
import type { WorldOptions } from './world.ts';
import type { PairProfile } from './world-pairs.ts';

/** Ordinary change in a day; a recording of seconds cannot tell it. */
const usualVolatility = 0.03;
/** What traders have to do at least, in bouts a second. */
const leastActivity = 0.02;

/**
 * A world whose prices follow a recorded session: the pairs of its books by the venue's own rules, traded about as busily, with middles
 * that go as recorded from the moment at which the world is opened, and back again from the end of the recording, again and again. What
 * it gives can be used for any number of worlds, each with a course of its own.
 * @throws VenueError `invalid-options` if the session has no book of a listed symbol.
 */
export function followRecording({
  session,
  products,
}: LoadedReplay): Pick<WorldOptions, 'pairs' | 'reference'> {
  const pairs: PairProfile[] = [];
  const reference: Record<string, ReferencePrice> = {};
  for (const product of products) {
    if (!product.symbol.includes('/')) continue;
    const rules = rulesOf(product);
    const course = readCourse(session, createListing(rules));
    if (course === undefined) continue;
    pairs.push(profileOf(rules, course));
    reference[rules.symbol] = createCourseReference(course);
  }
  if (pairs.length > 0) return { pairs, reference };
  throw new VenueError({
    code: 'invalid-options',
    operation: 'followRecording',
    message: `${session.fileName}: expected the book of a listed symbol, got none`,
  });
}

const commissions: Readonly<Record<string, CommissionType>> = {
  Base: 'base',
  Quote: 'quote',
  Received: 'received',
};

function rulesOf(product: ProductRecord): InstrumentRules {
  const { symbol, tickSize, lotSize, minNotional, maxNotional } = product;
  return {
    ...{ symbol, tickSize, lotSize, minNotional, maxNotional },
    base: product.baseAsset,
    quote: product.quoteAsset,
    minSize: '0.000000001',
    maxSize: '1000000000',
    commission: commissions[product.commissionType] ?? 'quote',
    reserveRate: product.commissionReserveRate,
  };
}

/** What seconds say of a day may be more than a pair can have. */
function profileOf(rules: InstrumentRules, course: RecordedCourse): PairProfile {
  const { homeTicks, activity, typicalLots, lotsPerDay } = pairLimits;
  return {
    ...{ symbol: rules.symbol, rules, volatility: usualVolatility },
    homeTicks: Math.min(homeTicks, course.ticks[0] ?? 1),
    activity: between(leastActivity, course.changesPerSecond, activity),
    typicalLots: Math.min(typicalLots, course.usualLots),
    lotsPerDay: Math.min(lotsPerDay, course.lotsPerDay),
  };
}

/** Goes through a course from the opening of a world, and back and forth after its end. */
function createCourseReference({ atMs: times, ticks }: RecordedCourse): ReferencePrice {
  const spanMs = times.at(-1) ?? 0;
  return {
    priceAt: (_atMs, elapsedMs) => ticks[placeOf(times, folded(elapsedMs, spanMs))] ?? Number.NaN,
  };
}

/** A time on a way that is gone forth and back without end. */
function folded(elapsedMs: number, spanMs: number): number {
  if (spanMs === 0) return 0;
  const within = elapsedMs % (2 * spanMs);
  return within <= spanMs ? within : 2 * spanMs - within;
}

/** The last of ascending times that is not after `atMs`. */
function placeOf(times: readonly number[], atMs: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((times[middle] ?? 0) <= atMs) low = middle;
    else high = middle - 1;
  }
  return low;
}
