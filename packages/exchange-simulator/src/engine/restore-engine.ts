import { holdingOf, toRates } from './accounts.ts';
import { BookOrder } from './book-order.ts';
import { Engine } from './engine.ts';
import { createParts, type EngineParts } from './engine-parts.ts';
import type {
  AccountSnapshot,
  EngineSnapshot,
  InstrumentSnapshot,
  OrderSnapshot,
} from './engine-snapshot.ts';
import type { MatchingEngine, MatchingEngineOptions } from './matching-engine.ts';
import type { Member } from './member.ts';
import { invalid } from './money.ts';
import { shortened } from './units.ts';

/**
 * Makes the engine that a snapshot was taken of. It goes on as that one would have.
 * @throws VenueError `invalid-options` for one of another version, or in which money was lost or made.
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
  { accounts, fees: usual }: EngineParts,
  { name, fees, totals }: AccountSnapshot,
): void {
  const account = accounts.open(name, toRates(fees ?? usual), fees ?? undefined);
  for (const [asset, total] of totals) holdingOf(account, asset).available.add(BigInt(total));
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
    member.given(order.side).hold(order.holds);
    parts.live.add(order);
    if (order.status === 'waiting') market.stops.add(order);
    else market.sideOf(order.side).add(order);
    return order;
  });
}

function orderOf(written: OrderSnapshot, member: Member): BookOrder {
  const { stopTicks, number, placedAtMs, status, filledLots, filledQuote, fee, held, ...rest } = written;
  const { symbol } = member.market.instrument.rules;
  const request = { ...rest, symbol, ...(stopTicks !== null && { stopTicks }) };
  const order = new BookOrder(request, member, number, placedAtMs);
  order.status = status;
  order.filledLots = filledLots;
  order.traded = shortened(BigInt(filledQuote));
  order.paid = shortened(BigInt(fee));
  order.holds = shortened(BigInt(held));
  return order;
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
