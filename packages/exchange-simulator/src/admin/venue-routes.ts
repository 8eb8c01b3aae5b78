import { type Context, Hono } from 'hono';
import type { VenueActions } from '../faults/venue-actions.ts';
import { excerpt } from '../recording/exact-json.ts';
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
  post('/orders', placeOrder);
  return app;
}

function move(venue: VenueActions, fields: Fields, sign: 1 | -1): object {
  const amount = textOf(fields, 'amount');
  if (!/^\d{1,15}(\.\d{1,9})?$/.test(amount) || /^[0.]*$/.test(amount))
    throw invalidRequest(
      `amount: expected a decimal above 0 and below 10^15, of at most nine places, got ${excerpt(amount)}`,
    );
  const [account, asset] = [accountOf(venue, fields), textOf(fields, 'asset')];
  const isDone = venue.moveMoney(account, asset, sign < 0 ? `-${amount}` : amount);
  if (!isDone) throw invalidRequest(`amount: expected no more than is available of ${asset}, got ${amount}`);
  return { account, asset, amount };
}

function placeOrder(venue: VenueActions, fields: Fields): object {
  const account = accountOf(venue, fields);
  const [price, clientId] = [optionalText(fields, 'price'), optionalText(fields, 'clientId')];
  const orderId = venue.placeOrder({
    account,
    symbol: textOf(fields, 'symbol'),
    side: wordOf(fields, 'side', ['buy', 'sell']),
    amount: textOf(fields, 'amount'),
    ...(price === undefined ? {} : { price }),
    ...(clientId === undefined ? {} : { clientId }),
  });
  return { account, orderId };
}

/** Whom a request is about, given as an account or as the user who trades with it: always the name of the account. */
function accountOf(venue: VenueActions, fields: Fields): string {
  return venue.accountOf(optionalText(fields, 'account') ?? textOf(fields, 'uid', 'account or uid'));
}
