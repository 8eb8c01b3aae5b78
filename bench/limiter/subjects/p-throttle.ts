import pThrottle from 'p-throttle';
import type { Kind, Subject } from '../subject.ts';

type Work = () => unknown;

const nothing = (): void => {};

/** A throttled function that throttles for all; orders go through another first. */
function subjectOf(isStrict: boolean): Subject {
  return {
    create({ windowMs, all, order }) {
      const strictly = isStrict ? { strict: true } : {};
      const forAll = pThrottle({ limit: all, interval: windowMs, ...strictly })((work: Work) => work());
      const forOrders = pThrottle({ limit: order, interval: windowMs, ...strictly })((work: Work) =>
        forAll(work),
      );
      const run = (kind: Kind, work: Work): Promise<unknown> =>
        (kind === 'order' ? forOrders(work) : forAll(work)) as Promise<unknown>;
      return { acquire: (kind) => run(kind, nothing), run };
    },
  };
}

export const windowed: Subject = subjectOf(false);

/** With `strict`, which its documentation names for a limit that holds in any window. */
export const strict: Subject = subjectOf(true);
