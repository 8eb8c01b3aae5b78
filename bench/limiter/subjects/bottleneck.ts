import Bottleneck from 'bottleneck';
import type { Subject } from '../subject.ts';

const nothing = (): void => {};

/** Two limiters, linked by `chain` as its documentation says. */
function subjectOf(options: (capacity: number, windowMs: number) => Bottleneck.ConstructorOptions): Subject {
  return {
    create({ windowMs, all, order, unbound }) {
      const [forAll, forOrders] = [all, order].map(
        (capacity) => new Bottleneck(options(unbound === true ? 1e9 : capacity, windowMs)),
      ) as [Bottleneck, Bottleneck];
      forOrders.chain(forAll);
      const limiters = { query: forAll, order: forOrders };
      return {
        acquire: (kind) => limiters[kind].schedule(async () => nothing()),
        run: (kind, work) => limiters[kind].schedule(async () => work()),
      };
    },
  };
}

/** A reservoir that is filled once a window. */
export const reservoir: Subject = subjectOf((capacity, windowMs) => ({
  reservoir: capacity,
  reservoirRefreshAmount: capacity,
  reservoirRefreshInterval: windowMs,
}));

/** The same distance between any two. */
export const minTime: Subject = subjectOf((capacity, windowMs) => ({ minTime: windowMs / capacity }));
