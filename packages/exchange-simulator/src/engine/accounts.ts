import { AccountOrders } from './account-orders.ts';
import type { FeeRates, LedgerLine, MoneyUnits } from './engine-types.ts';
import { Holding } from './holding.ts';
import { invalid, toUnits, whole } from './money.ts';
import type { OrderIndex } from './order-index.ts';
import { createRate, type Rate } from './rate.ts';
import { RunningSum } from './running-sum.ts';

/** Rates of an account. */
export interface Rates {
  readonly maker: Rate;
  readonly taker: Rate;
}

/** What somebody has, and has open. */
export interface Account {
  readonly name: string;
  /** As it was given; the engine's if there is none. */
  fees: FeeRates | undefined;
  rates: Rates;
  readonly holdings: Map<string, Holding>;
  readonly orders: AccountOrders;
}

/** What came and went of one asset. */
export interface Flow {
  readonly deposited: MoneyUnits;
  readonly withdrawn: MoneyUnits;
  readonly fees: MoneyUnits;
}

interface RunningFlow {
  deposited: MoneyUnits;
  withdrawn: MoneyUnits;
  readonly fees: RunningSum;
}

type MutableLine = { -readonly [K in keyof LedgerLine]: LedgerLine[K] };

/** Everybody's money. Whatever leaves one place comes to another. */
export class Accounts {
  readonly #accounts = new Map<string, Account>();
  readonly #flows = new Map<string, RunningFlow>();
  readonly #live: OrderIndex;

  constructor(live: OrderIndex) {
    this.#live = live;
  }

  get all(): Iterable<Account> {
    return this.#accounts.values();
  }

  get flows(): readonly (readonly [asset: string, flow: Flow])[] {
    return Array.from(this.#flows, ([asset, flow]) => [asset, { ...flow, fees: flow.fees.units }] as const);
  }

  /** @throws VenueError `invalid-options` if it is there already. */
  open(name: string, rates: Rates, fees?: FeeRates): Account {
    if (this.#accounts.has(name)) throw invalid(`account ${name}: expected a new one, got one that is there`);
    const account: Account = {
      name,
      fees,
      rates,
      holdings: new Map(),
      orders: new AccountOrders(this.#live),
    };
    this.#accounts.set(name, account);
    return account;
  }

  find(name: string): Account | undefined {
    return this.#accounts.get(name);
  }

  /** @throws VenueError `invalid-options` if there is none. */
  get(name: string): Account {
    const account = this.#accounts.get(name);
    if (account === undefined) throw invalid(`account ${name}: expected one that was opened`);
    return account;
  }

  deposit(account: Account, asset: string, units: MoneyUnits): void {
    holdingOf(account, asset).available.add(units);
    this.#flowOf(asset).deposited += units;
  }

  /** False if not so much is available. */
  withdraw(account: Account, asset: string, units: MoneyUnits): boolean {
    const holding = account.holdings.get(asset);
    if (holding === undefined || !holding.available.covers(units)) return false;
    holding.available.subtract(units);
    this.#flowOf(asset).withdrawn += units;
    return true;
  }

  /** False if not so much is available. Nothing came and nothing went. */
  transfer(from: Account, to: Account, asset: string, units: MoneyUnits): boolean {
    const holding = from.holdings.get(asset);
    if (holding === undefined || !holding.available.covers(units)) return false;
    holding.available.subtract(units);
    holdingOf(to, asset).available.add(units);
    return true;
  }

  /** To be added to: fees that accounts no longer have; below 0 for rebates that they have got. */
  feesIn(asset: string): RunningSum {
    return this.#flowOf(asset).fees;
  }

  /** Puts back what an earlier engine counted. */
  restoreFlow(asset: string, { deposited, withdrawn, fees }: Flow): void {
    const flow: RunningFlow = { deposited, withdrawn, fees: new RunningSum() };
    flow.fees.add(fees);
    this.#flows.set(asset, flow);
  }

  ledger(): ReadonlyMap<string, LedgerLine> {
    const lines = new Map<string, MutableLine>();
    for (const [asset, flow] of this.flows) lines.set(asset, { ...flow, inAccounts: 0n, held: 0n });
    for (const { holdings } of this.#accounts.values()) {
      for (const [asset, { balance }] of holdings) {
        const line = lines.get(asset) ?? emptyLine();
        line.inAccounts += balance.total;
        line.held += balance.held;
        lines.set(asset, line);
      }
    }
    return lines;
  }

  #flowOf(asset: string): RunningFlow {
    let flow = this.#flows.get(asset);
    if (flow === undefined) {
      flow = { deposited: 0n, withdrawn: 0n, fees: new RunningSum() };
      this.#flows.set(asset, flow);
    }
    return flow;
  }
}

function emptyLine(): MutableLine {
  return { deposited: 0n, withdrawn: 0n, inAccounts: 0n, held: 0n, fees: 0n };
}

/** What an account has of an asset, to be changed; from now on the account is one that has had something of it. */
export function holdingOf({ holdings }: Account, asset: string): Holding {
  let holding = holdings.get(asset);
  if (holding === undefined) {
    holding = new Holding();
    holdings.set(asset, holding);
  }
  return holding;
}

/** @throws VenueError `invalid-options` naming the rate. */
export function toRates({ maker, taker }: FeeRates): Rates {
  return { maker: toRate(maker, 'maker fee'), taker: toRate(taker, 'taker fee') };
}

function toRate(text: string, what: string): Rate {
  const units = toUnits(text, what);
  if (units >= whole || units <= -whole) throw invalid(`${what}: expected a fraction below 1, got ${text}`);
  return createRate(units);
}
