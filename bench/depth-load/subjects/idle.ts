import type { LoadSubject } from '../subject.ts';

/** Does nothing: what a timer of this machine does by itself. */
export const subject: LoadSubject = {
  open: () =>
    Promise.resolve({
      read: () => ({ received: 0, troubles: 0, ownAudits: 0 }),
      books: () => [],
      visit() {},
    }),
};
