import { times, units } from './exact-decimal.ts';
import { claim } from './expectations.ts';
import type { Answer } from './raw-client.ts';
import type { RawStream } from './raw-stream.ts';

/** A fill as a stream tells it, in units of 10^-24. */
export interface ToldFill {
  readonly amount: bigint;
  /** Paid or got, without the fee. */
  readonly quote: bigint;
  readonly fee: bigint;
}

/** The updates of an order that a stream has been sent. */
export function updatesOf(stream: RawStream, orderId: string): readonly Answer[] {
  return stream.messages
    .filter(({ m, data }) => m === 'order' && data?.orderId === orderId)
    .map(({ data }) => data);
}

interface Standing {
  readonly filled: bigint;
  readonly average: bigint;
  readonly fee: bigint;
  readonly quoteTotal: bigint;
}

/** The fills that an order's updates tell, one after another: what was paid is the change of the quote's total. */
export function fillsOf(updates: readonly Answer[]): readonly ToldFill[] {
  const fills: ToldFill[] = [];
  let before: Standing | undefined;
  for (const { s, sd, cfq, ap, cf, fa, qtb } of updates) {
    const after = { filled: units(cfq), average: units(ap), fee: units(cf), quoteTotal: units(qtb) };
    if (before !== undefined && after.filled > before.filled) {
      const fee = after.fee - before.fee;
      const [, quote] = s.split('/');
      const change = after.quoteTotal - before.quoteTotal + (fa === quote ? fee : 0n);
      const value = sd === 'Buy' ? -change : change;
      checkAverage(before, after, value);
      fills.push({ amount: after.filled - before.filled, quote: value, fee });
    }
    before = after;
  }
  return fills;
}

/** The average has nine places, and is the more exact the less was filled before. */
function checkAverage(before: Standing, after: Standing, value: bigint): void {
  const told = times(after.filled, after.average) - times(before.filled, before.average);
  const most = times(after.filled + before.filled, units('0.000000001'));
  const distance = told > value ? told - value : value - told;
  claim(distance <= most, `the average of an update says ${told} of a fill, the balance ${value}`);
}
