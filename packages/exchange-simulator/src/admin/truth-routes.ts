import { Hono } from 'hono';
import type { TruthMemory } from '../truth/truth-memory.ts';
import { answer, invalidRequest, refuse } from './admin-answer.ts';

/** Says what is true, whatever clients were told. */
export function createTruthRoutes(truth: TruthMemory): Hono {
  const app = new Hono();
  const lists: Readonly<Record<string, (account?: string) => readonly unknown[]>> = {
    orders: (account) => truth.orders(account),
    fills: (account) => truth.fills(account),
    balances: (account) => truth.balances(account),
    trades: () => truth.entries('trade'),
    requests: () => truth.entries('request'),
    streams: () => truth.entries('stream'),
    faults: () => truth.entries('fault'),
  };
  for (const [name, read] of Object.entries(lists)) {
    app.get(`/${name}`, (context) =>
      answer(newest(read(context.req.query('account')), context.req.query('limit'))),
    );
  }
  app.get('/book', (context) => {
    const symbol = context.req.query('symbol') ?? '';
    const book = truth.book(symbol);
    return book === undefined ? refuse(context, 404, `there is no book of "${symbol}"`) : answer(book);
  });
  return app;
}

/** The last of a list. */
function newest(entries: readonly unknown[], limit: string | undefined): readonly unknown[] {
  if (limit === undefined) return entries;
  if (!/^[1-9]\d{0,8}$/.test(limit))
    throw invalidRequest(`limit: expected a whole number from 1 up, got ${limit}`);
  return entries.slice(-Number(limit));
}
