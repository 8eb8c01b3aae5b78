import { request } from 'undici';
import type { RestSubject } from '../subject.ts';

export const subject: RestSubject = {
  open:
    ({ url }) =>
    async () =>
      await (await request(url)).body.text(),
};
