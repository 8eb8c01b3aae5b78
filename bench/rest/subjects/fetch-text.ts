import type { RestSubject } from '../subject.ts';

export const subject: RestSubject = {
  open:
    ({ url }) =>
    async () =>
      await (await fetch(url)).text(),
};
