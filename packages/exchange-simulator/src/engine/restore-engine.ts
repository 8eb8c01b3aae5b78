import { holdingOf } from './accounts.ts';
import { BookOrder, hasStop, takesAtAnyRate } from './book-order.ts';
import { Engine } from './engine.ts';
import { createParts, type EngineParts, ratesFor } from './engine-parts.ts';
import type {
  AccountSnapshot,
  EngineSnapshot,
  InstrumentSnapshot,
  OrderSnapshot,
} from './engine-snapshot.ts';
import type { OrderRequest } from './engine-types.ts';
import type { MatchingEngine, MatchingEngineOptions } from './matching-engine.ts';
import type { Member } from './member.ts';
import { invalid } from './money.ts';
import { shapeRefusal } from './request-rules.ts';
import { shortened } from './units.ts';

/**
 * Makes the engine that a snapshot was taken of. It goes on as that one would have.
 * @throws VenueError `invalid-options` for one of another version, in which money was lost or made, or with an order or an account that no
 * engine could have.
 */
export function restoreEngine(
  snapshot: EngineSnapshot,
  { onEvent }: Pick<MatchingEngineOptions, 'onEvent'> = {},
): MatchingEngine {
  if (snapshot.version !== 1) throw invalid(`snapshot: expected version 1, got ${snapshot.version}`);
  const instruments = snapshot.instruments.map(({ rules }) => rules);
  const parts = createParts({ instruments, fees: snapshot.fees, ...(onEvent && { onEvent }) });
  parts.tell.sequence = snapshot.sequence;
  parts.numbers = snapshot.numbers;
  for (const account of snapshot.accounts) restoreAccount(parts, account);
  for (const { asset, deposited, withdrawn, fees } of snapshot.flows) {
    const flow = { deposited: BigInt(deposited), withdrawn: BigInt(withdrawn), fees: BigInt(fees) };
    parts.accounts.restoreFlow(asset, flow);
  }
  const orders = snapshot.instruments.flatMap((instrument) => restoreOrders(parts, instrument));
  for (const order of byComing(orders)) order.member.account.orders.add(order);
  requireConserved(parts);
  return new Engine(parts);
}

function restoreAccount(
  { accounts, fees: usual, markets }: EngineParts,
  { name, fees, totals }: AccountSnapshot,
): void {
  const account = accounts.open(name, ratesFor(fees ?? usual, markets.values()), fees ?? undefined);
  for (const [asset, total] of totals) {
    const units = BigInt(total);
    if (units < 0n) throw invalid(`snapshot, ${name}: expected 0 or more of ${asset}, got ${total} units`);
    holdingOf(account, asset).available.add(units);
  }
}

function restoreOrders(
  parts: EngineParts,
  { rules, status, lastTicks, orders }: InstrumentSnapshot,
): BookOrder[] {
  const market = parts.markets.get(rules.symbol);
  if (market === undefined) return [];
  const { instrument } = market;
  instrument.status = status;
  instrument.lastTicks = lastTicks ?? undefined;
  return orders.map((written) => {
    const account = parts.accounts.get(written.account);
    const member = market.members.get(account.name) ?? market.admit(account);
    const order = orderOf(written, member);
    requirePossible(parts, order, requestOf(written, rules.symbol));
    member.given(order.side).hold(order.holds);
    parts.live.add(order);
    if (order.status === 'waiting') market.stops.add(order);
    else market.sideOf(order.side).add(order);
    return order;
  });
}

function orderOf(written: OrderSnapshot, member: Member): BookOrder {
  const { number, placedAtMs, status, filledLots, filledQuote, fee, held } = written;
  const request = requestOf(written, member.market.instrument.rules.symbol);
  const order = new BookOrder(request, member, number, placedAtMs);
  order.status = status;
  order.filledLots = filledLots;
  order.traded = shortened(BigInt(filledQuote));
  order.paid = shortened(BigInt(fee));
  order.holds = shortened(BigInt(held));
  return order;
}

/** What was asked for; nobody asks for a time in force of an order that takes at any rate. */
function requestOf(written: OrderSnapshot, symbol: string): OrderRequest {
  const { id, account, side, kind, timeInForce, postOnly, sizeLots, priceTicks, stopTicks } = written;
  return {
    ...{ id, account, symbol, side, kind, postOnly, sizeLots, priceTicks },
    ...(!takesAtAnyRate(kind) && { timeInForce }),
    ...(stopTicks !== null && { stopTicks }),
  };
}

function requirePossible({ live }: EngineParts, order: BookOrder, request: OrderRequest): void {
  const { id, member, side, status, filledLots, sizeLots } = order;
  const expected = (what: string): Error => invalid(`snapshot, order ${id}: expected ${what}`);
  if (live.get(id) !== undefined) throw expected('an id that no other order has');
  if (shapeRefusal(request, member.market.instrument) !== undefined)
    throw expected('one that an engine would have taken');
  if (status !== 'open' && !(status === 'waiting' && hasStop(order.kind)))
    throw expected(`one that is open or waits for its stop price, got ${status}`);
  if (!Number.isSafeInteger(filledLots) || filledLots < 0 || filledLots >= sizeLots)
    throw expected(`something left of its ${sizeLots} lots, got ${filledLots} filled`);
  if (order.held < 0n || !member.given(side).available.covers(order.holds))
    throw expected(`its account to have what it holds, got ${order.held} units`);
}

function byComing(orders: readonly BookOrder[]): BookOrder[] {
  return [...orders].sort((one, other) => one.number - other.number);
}

function requireConserved({ accounts }: EngineParts): void {
  for (const [asset, { deposited, withdrawn, inAccounts, held, fees }] of accounts.ledger()) {
    if (deposited !== withdrawn + inAccounts + fees || held > inAccounts)
      throw invalid(
        `snapshot, ${asset}: expected what was deposited to be somewhere, got ${inAccounts} units in accounts`,
      );
  }
}
