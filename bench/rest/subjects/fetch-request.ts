import type { RestSubject } from '../subject.ts';

/** As whoever hands a fetch over a whole request, for a proxy or a simulation: the request is built twice. */
export const subject: RestSubject = {
  open:
    ({ url }) =>
    async () =>
      await (await fetch(new Request(url, { headers: { accept: 'application/json' } }))).text(),
};
