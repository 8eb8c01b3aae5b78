import ky from 'ky';
import type { RestSubject } from '../subject.ts';

export const subject: RestSubject = {
  open:
    ({ url }) =>
    () =>
      ky.get(url).text(),
};
