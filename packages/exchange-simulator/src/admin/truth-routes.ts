import { Hono } from 'hono';
import { excerpt } from '../recording/exact-json.ts';
import type { AdminTarget } from './admin.ts';
import { answer, invalidRequest, refuse } from './admin-answer.ts';

/** Says what is true, whatever clients were told. */
export function createTruthRoutes({ truth, users }: Pick<AdminTarget, 'truth' | 'users'>): Hono {
  const app = new Hono();
  const ofAccounts: Readonly<Record<string, (account?: string) => readonly unknown[]>> = {
    orders: (account) => truth.orders(account),
    fills: (account) => truth.fills(account),
    balances: (account) => truth.balances(account),
  };
  const lists: Readonly<Record<string, () => readonly unknown[]>> = {
    trades: () => truth.entries('trade'),
    requests: () => truth.entries('request'),
    streams: () => truth.entries('stream'),
    faults: () => truth.entries('fault'),
  };
  for (const [name, read] of Object.entries(ofAccounts)) {
    app.get(`/${name}`, (context) => {
      const given = context.req.query('account') ?? context.req.query('uid');
      const account = given === undefined ? undefined : accountOf(users, given);
      if (given !== undefined && account === undefined)
        return refuse(context, 404, `there is no account "${excerpt(given)}"; GET /state lists them`);
      return answer(newest(read(account), context.req.query('limit')));
    });
  }
  for (const [name, read] of Object.entries(lists))
    app.get(`/${name}`, (context) => answer(newest(read(), context.req.query('limit'))));
  app.get('/book', (context) => {
    const symbol = context.req.query('symbol') ?? '';
    const book = truth.book(symbol);
    return book === undefined
      ? refuse(context, 404, `there is no book of "${excerpt(symbol)}"`)
      : answer(book);
  });
  return app;
}

/** The name of an account: it itself, or the user who trades with it. */
function accountOf(users: AdminTarget['users'], given: string): string | undefined {
  const user = users.find(({ uid, cash, margin }) => [cash, margin, uid].includes(given));
  return given === user?.margin ? given : user?.cash;
}

/** The last of a list. */
function newest(entries: readonly unknown[], limit: string | undefined): readonly unknown[] {
  if (limit === undefined) return entries;
  if (!/^[1-9]\d{0,8}$/.test(limit))
    throw invalidRequest(`limit: expected a whole number from 1 up, got ${excerpt(limit)}`);
  return entries.slice(-Number(limit));
}
