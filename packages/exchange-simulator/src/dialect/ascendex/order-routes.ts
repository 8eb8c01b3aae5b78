import type { AscendexContext, AscendexTrading } from './ascendex-context.ts';
import { type Fields, requestNames } from './client-message.ts';
import { refusals } from './error-codes.ts';
import type { AckInfo, EnteredOrder } from './order-entry.ts';
import type { OrderRefusal } from './order-intake.ts';
import type { OrderText } from './order-text.ts';
import type { HeldRequest, Turn } from './requests-under-way.ts';
import { accountOf, type RestRoutes, readBody, type SignedCall, signed } from './rest-calls.ts';
import { createOrderWaits, type OrderWaits } from './rest-order-waits.ts';
import { type OrderAction, refuseBatch, refuseOrder, succeedOrder } from './rest-replies.ts';

/** Adds what places and cancels orders. */
export function addOrderRoutes(routes: RestRoutes, context: AscendexContext): void {
  const order = '/:group{[0-9]+}/api/pro/v1/:category{cash|margin}/order';
  const desk = createRestDesk(context);
  const serve = (prehash: string, action: string, act: OrderCall, absent?: Fields): Handler =>
    signed(context, { prehashes: [prehash], need: 'trade' }, async (signedCall) => {
      const body = await readBody(signedCall.call, absent);
      return body instanceof Response ? body : desk(signedCall, action, body, act);
    });
  routes.post(order, serve('order', 'place-order', placeOrder));
  routes.delete(order, serve('order', 'cancel-order', cancelOrder));
  routes.delete(`${order}/all`, serve('order/all', 'cancel-all', cancelAll, {}));
  routes.post(`${order}/batch`, serve('order/batch', 'batch-place-order', placeBatch));
  routes.delete(`${order}/batch`, serve('order/batch', 'batch-cancel-order', cancelBatch));
}

type Handler = ReturnType<typeof signed>;

/** What a call about orders works with. */
interface Scene extends SignedCall {
  readonly trading: AscendexTrading;
  readonly text: OrderText;
  readonly waits: OrderWaits;
  readonly what: OrderAction;
  readonly body: Fields;
  /** Whether what is answered at once has happened by then. */
  readonly turn: Turn;
}

type OrderCall = (scene: Scene) => Response | Promise<Response>;

/** Lets customers trade; orders of margin accounts, and all of them while a recording is played, are refused. */
function createRestDesk({ trading, text, timers, options, market, faults }: AscendexContext) {
  const isFull = (): boolean => faults.acknowledgesOnly;
  const waits = trading && createOrderWaits({ desk: trading.desk, timers, isFull });
  void market.finished.then(() => waits?.close());
  const turn = options.updatesBeforeReply ? 'now' : 'behind-reply';
  return (call: SignedCall, action: string, body: Fields, act: OrderCall): Response | Promise<Response> => {
    const what = { ...accountOf(call.call, call.user), action };
    if (trading === undefined || waits === undefined)
      return refuseOrder(
        what,
        plainRefusal(body, 'operation', 'nothing is traded while a recording is played'),
      );
    if (what.category === 'margin')
      return refuseOrder(what, plainRefusal(body, 'marginAccount', 'nothing is traded on margin here'));
    return act({ ...call, trading, text, waits, what, body, turn });
  };
}

function plainRefusal(body: Fields, name: 'operation' | 'marginAccount', message: string): OrderRefusal {
  return { error: refusals[name], message, ...requestNames(body) };
}

function placeOrder({ trading, text, waits, what, body, user, turn }: Scene): Response | Promise<Response> {
  const entered = trading.orders.place({ fields: body, user, channel: 'a' });
  if (entered.refusal !== undefined) return refuseOrder(what, entered.refusal);
  if (entered.response !== 'ACK') return placeAndWait(text, waits, what, entered);
  entered.submit(turn);
  return succeedOrder(what, 'Ack', entered.ack);
}

async function placeAndWait(
  text: OrderText,
  waits: OrderWaits,
  what: OrderAction,
  entered: EnteredOrder,
): Promise<Response> {
  const { response, ack } = entered;
  const record = await waits.submit(entered);
  if (record === undefined || response === 'ACK') return succeedOrder(what, 'Ack', ack);
  return succeedOrder(what, response, text.order(record));
}

function placeBatch({ trading, what, body, user, turn }: Scene): Response {
  const entered = trading.orders.placeBatch(body.orders, { user, channel: 'a' });
  if (entered.refusal !== undefined) return refuseBatch(what, entered.refusal);
  return acknowledgeBatch(what, turn, entered.items);
}

function cancelOrder({ trading, what, body, user, turn }: Scene): Response {
  const entered = trading.cancels.cancel(body, { user, channel: 'a' });
  entered.submit(turn);
  if (entered.refusal !== undefined) return refuseOrder(what, entered.refusal);
  return succeedOrder(what, 'Ack', { ...entered.ack, orderType: '' });
}

function cancelBatch({ trading, what, body, user, turn }: Scene): Response {
  const entered = trading.cancels.cancelBatch(body.orders, { user, channel: 'a' });
  if (entered.refusal === undefined) return acknowledgeBatch(what, turn, entered.items);
  entered.submit(turn);
  return refuseBatch(what, entered.refusal);
}

function acknowledgeBatch(
  what: OrderAction,
  turn: Turn,
  items: readonly (HeldRequest & { readonly ack: AckInfo })[],
): Response {
  for (const entered of items) entered.submit(turn);
  return succeedOrder(
    what,
    'Ack',
    items.map(({ ack }) => ack),
  );
}

function cancelAll({ trading, what, body, turn }: Scene): Response {
  const entered = trading.cancels.cancelAll(body, what.accountId);
  if (entered.refusal !== undefined) return refuseOrder(what, entered.refusal);
  entered.submit(turn);
  return succeedOrder(what, 'Ack', entered.ack);
}
