import ky from 'ky';
import type { RestSubject } from '../subject.ts';

/** Without what a connector does itself: retries and a timeout. */
export const subject: RestSubject = {
  open({ origin, path, query }) {
    const client = ky.create({ baseUrl: origin, retry: 0, timeout: false });
    return () => client.get(path, { searchParams: query }).text();
  },
};
