import { type Context, Hono } from 'hono';
import type { VenueActions } from '../faults/venue-actions.ts';
import type { AdminTarget } from './admin.ts';
import { answer, invalidRequest, optionalText, readFields, textOf, wordOf } from './admin-answer.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What operators and others do: money, orders from elsewhere, the state of trading. */
export function createVenueRoutes({ actions }: AdminTarget): Hono {
  const app = new Hono();
  const post = (path: string, act: (actions: VenueActions, fields: Fields) => object): void => {
    app.post(path, async (context: Context) => {
      const fields = await readFields(context);
      if (actions === undefined) throw invalidRequest('nothing can be traded while a recording is played');
      return answer(act(actions, fields));
    });
  };
  post('/deposits', (venue, fields) => move(venue, fields, 1));
  post('/withdrawals', (venue, fields) => move(venue, fields, -1));
  post('/status', (venue, fields) => {
    const symbol = textOf(fields, 'symbol');
    const status = wordOf(fields, 'status', ['trading', 'cancel-only', 'halted']);
    venue.setStatus(symbol, status);
    return { symbol, status };
  });
  post('/orders', (venue, fields) => ({ orderId: placeOrder(venue, fields) }));
  return app;
}

function move(venue: VenueActions, fields: Fields, sign: 1 | -1): object {
  const amount = textOf(fields, 'amount');
  if (!/^\d{1,15}(\.\d{1,9})?$/.test(amount) || /^[0.]*$/.test(amount))
    throw invalidRequest(`amount: expected a decimal above 0 of at most nine places, got ${amount}`);
  const [account, asset] = [accountOf(fields), textOf(fields, 'asset')];
  const isDone = venue.moveMoney(account, asset, sign < 0 ? `-${amount}` : amount);
  if (!isDone) throw invalidRequest(`amount: expected no more than is available of ${asset}, got ${amount}`);
  return { account, asset, amount };
}

function placeOrder(venue: VenueActions, fields: Fields): string {
  const [price, clientId] = [optionalText(fields, 'price'), optionalText(fields, 'clientId')];
  return venue.placeOrder({
    account: accountOf(fields),
    symbol: textOf(fields, 'symbol'),
    side: wordOf(fields, 'side', ['buy', 'sell']),
    amount: textOf(fields, 'amount'),
    ...(price === undefined ? {} : { price }),
    ...(clientId === undefined ? {} : { clientId }),
  });
}

/** The name of an account, or the user whose cash account it is. */
function accountOf(fields: Fields): string {
  return optionalText(fields, 'account') ?? textOf(fields, 'uid');
}
