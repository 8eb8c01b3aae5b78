import type { RestSubject } from '../subject.ts';

/** The text is made for the comparison of what was read alone: see the program. */
export const subject: RestSubject = {
  open:
    ({ url }) =>
    async () =>
      await (await fetch(url)).json(),
};
