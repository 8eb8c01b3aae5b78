import type {
  Balance,
  EngineEvent,
  EngineFill,
  EngineOrder,
  OrderEvent,
} from '../src/engine/engine-types.ts';
import type { MatchingEngine } from '../src/engine/matching-engine.ts';
import { type FeesOperation, facts, type Operation } from './engine-operations.ts';

/** What can be asked of an engine and of its model alike. */
export type Exchange = Omit<MatchingEngine, 'snapshot'>;

/** An event as it was when it was told, with what its account had of everything then. */
export interface Told {
  readonly event: object;
  readonly balances: readonly Balance[];
}

/** Asks an exchange; gives its answer, as it is now. */
export function ask(exchange: Exchange, operation: Operation, atMs: number): unknown {
  switch (operation.kind) {
    case 'place':
      return askToPlace(exchange, operation, atMs);
    case 'cancel':
      return exchange.cancel(operation.id, atMs);
    case 'cancelAll':
      return exchange.cancelAll(operation.account, atMs, operation.symbol).map(copyOf);
    case 'deposit':
      return exchange.deposit(operation.account, operation.asset, operation.units, atMs);
    case 'withdraw':
      return exchange.withdraw(operation.account, operation.asset, operation.units, atMs);
    case 'transfer':
      return askToTransfer(exchange, operation, atMs);
    case 'openAccount':
    case 'setFees':
      return askForFees(exchange, operation);
    case 'setStatus':
      return exchange.setStatus(operation.symbol, operation.status);
  }
}

/** Keeps what an exchange tells, as it is at that moment; `take` gives what has come since the last time. */
export class Listener {
  #told: Told[] = [];
  /** Whom it listens to. */
  exchange: Exchange | undefined;

  readonly hear = (event: EngineEvent): void => {
    const account = accountOf(event);
    const balances = account === undefined ? [] : facts.assets.map((asset) => this.#balance(account, asset));
    const copy: object = event.kind === 'order' ? { ...event, ...copiesOf(event) } : event;
    this.#told.push({ event: copy, balances });
  };

  take(): readonly Told[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  #balance(account: string, asset: string): Balance {
    return this.exchange?.balance(account, asset) ?? { total: 0n, held: 0n };
  }
}

/** All that can be seen of an exchange. */
export function picture(exchange: Exchange): unknown {
  return {
    ledger: linesOf(exchange.ledger()),
    accounts: facts.accounts.map((account) => ({
      balances: linesOf(exchange.balances(account)),
      orders: exchange.orders(account).map(copyOf),
      ordersOf: facts.symbols.map((symbol) => exchange.orders(account, symbol).map(({ id }) => id)),
    })),
    symbols: exchange.symbols,
    books: facts.symbols.map((symbol) => ({
      buy: exchange.levels(symbol, 'buy'),
      sell: exchange.levels(symbol, 'sell'),
      best: [exchange.levels(symbol, 'buy', 1), exchange.levels(symbol, 'sell', 2)],
      last: exchange.last(symbol),
      status: exchange.status(symbol),
    })),
  };
}

function copiesOf({ fill, order }: OrderEvent): Pick<OrderEvent, 'fill' | 'order'> {
  return { fill: fill && copyOfFill(fill), order: copyOf(order) };
}

function copyOfFill({ priceTicks, sizeLots, quote, fee, role }: EngineFill): EngineFill {
  return { priceTicks, sizeLots, quote, fee, role };
}

/** The fields of an order that the contract names. */
function copyOf(order: EngineOrder): EngineOrder {
  const { id, account, symbol, side, kind, timeInForce, postOnly, sizeLots, priceTicks, stopTicks } = order;
  const { placedAtMs, status, cancelReason, filledLots, filledQuote, fee, feeAsset, held } = order;
  return {
    ...{ id, account, symbol, side, kind, timeInForce, postOnly, sizeLots, priceTicks, stopTicks },
    ...{ placedAtMs, status, cancelReason, filledLots, filledQuote, fee, feeAsset, held },
  };
}

function askToPlace(
  exchange: Exchange,
  { request }: Extract<Operation, { kind: 'place' }>,
  atMs: number,
): unknown {
  const foreseen = exchange.check(request);
  const { order, refusal } = exchange.place(request, atMs);
  return { foreseen, refusal, order: order && copyOf(order), live: exchange.order(request.id)?.placedAtMs };
}

function askToTransfer(
  exchange: Exchange,
  { account, to, asset, units }: Extract<Operation, { kind: 'transfer' }>,
  atMs: number,
): string {
  try {
    return exchange.transfer(account, to, asset, units, atMs) ? 'transferred' : 'not transferred';
  } catch (error) {
    return error instanceof Error ? 'no transfer' : 'thrown';
  }
}

function askForFees(exchange: Exchange, { kind, account, fees }: FeesOperation): string {
  try {
    if (kind === 'setFees' && fees !== undefined) exchange.setFees(account, fees);
    else exchange.openAccount(account, fees);
    return 'done';
  } catch (error) {
    return error instanceof Error ? `no ${kind}` : 'thrown';
  }
}

function accountOf(event: EngineEvent): string | undefined {
  if (event.kind === 'order') return event.order.account;
  return event.kind === 'balance' ? event.account : undefined;
}

/** By name, so that the order does not matter. */
function linesOf<Line>(lines: ReadonlyMap<string, Line>): unknown {
  return Object.fromEntries([...lines].sort(([one], [other]) => (one < other ? -1 : 1)));
}
