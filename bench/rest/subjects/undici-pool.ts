import { Pool } from 'undici';
import type { RestSubject } from '../subject.ts';

export const subject: RestSubject = {
  open({ origin, path, query }) {
    const pool = new Pool(origin);
    return async () => await (await pool.request({ method: 'GET', path, query })).body.text();
  },
};
