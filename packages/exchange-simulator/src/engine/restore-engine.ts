import { change, toRates } from './accounts.ts';
import { BookOrder } from './book-order.ts';
import { Engine } from './engine.ts';
import { createParts, type EngineParts } from './engine-parts.ts';
import type {
  AccountSnapshot,
  EngineSnapshot,
  InstrumentSnapshot,
  OrderSnapshot,
} from './engine-snapshot.ts';
import { feeAssetOf, givenAssetOf } from './instrument.ts';
import type { MatchingEngine, MatchingEngineOptions } from './matching-engine.ts';
import { invalid } from './money.ts';

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
  for (const instrument of snapshot.instruments) restoreOrders(parts, instrument);
  for (const { orders } of parts.accounts.all) sortByComing(orders);
  requireConserved(parts);
  return new Engine(parts);
}

function restoreAccount(
  { accounts, fees: usual }: EngineParts,
  { name, fees, totals }: AccountSnapshot,
): void {
  const account = accounts.open(name, toRates(fees ?? usual), fees ?? undefined);
  for (const [asset, total] of totals) change(account, asset, BigInt(total), 0n);
}

function restoreOrders(parts: EngineParts, { rules, status, lastTicks, orders }: InstrumentSnapshot): void {
  const market = parts.markets.get(rules.symbol);
  if (market === undefined) return;
  const { instrument } = market;
  instrument.status = status;
  instrument.lastTicks = lastTicks ?? undefined;
  for (const written of orders) {
    const order = orderOf(written, rules.symbol, feeAssetOf(instrument, written.side));
    const account = parts.accounts.get(order.account);
    change(account, givenAssetOf(instrument, order.side), 0n, order.held);
    account.orders.add(order);
    parts.live.set(order.id, order);
    if (order.status === 'waiting') market.stops.add(order);
    else market.sideOf(order.side).add(order);
  }
}

function orderOf(written: OrderSnapshot, symbol: string, feeAsset: string): BookOrder {
  const { stopTicks, timeInForce, filledQuote, fee, held, ...rest } = written;
  const stop = stopTicks === null ? {} : { stopTicks };
  const order = new BookOrder(
    { ...rest, symbol, timeInForce, ...stop },
    rest.number,
    feeAsset,
    rest.placedAtMs,
  );
  const { status, filledLots } = rest;
  return Object.assign(order, {
    ...{ status, filledLots },
    ...{ filledQuote: BigInt(filledQuote), fee: BigInt(fee), held: BigInt(held) },
  });
}

function sortByComing(orders: Set<BookOrder>): void {
  const sorted = [...orders].sort((a, b) => a.number - b.number);
  orders.clear();
  for (const order of sorted) orders.add(order);
}

function requireConserved({ accounts }: EngineParts): void {
  for (const [asset, { deposited, withdrawn, inAccounts, held, fees }] of accounts.ledger()) {
    if (deposited !== withdrawn + inAccounts + fees || held > inAccounts)
      throw invalid(
        `snapshot, ${asset}: expected what was deposited to be somewhere, got ${inAccounts} units in accounts`,
      );
  }
}
