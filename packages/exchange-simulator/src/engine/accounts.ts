import type { BookOrder } from './book-order.ts';
import type { Balance, FeeRates, LedgerLine, MoneyUnits } from './engine-types.ts';
import { invalid, toUnits, whole } from './money.ts';

interface Holding extends Balance {
  total: MoneyUnits;
  held: MoneyUnits;
}

/** Rates in units. */
export interface Rates {
  readonly maker: MoneyUnits;
  readonly taker: MoneyUnits;
}

/** What somebody has, and has open. */
export interface Account {
  readonly name: string;
  /** As it was given; the engine's if there is none. */
  fees: FeeRates | undefined;
  rates: Rates;
  readonly holdings: Map<string, Holding>;
  /** Live orders, in the order of their coming. */
  readonly orders: Set<BookOrder>;
}

interface Flow {
  deposited: MoneyUnits;
  withdrawn: MoneyUnits;
  fees: MoneyUnits;
}

type MutableLine = { -readonly [K in keyof LedgerLine]: LedgerLine[K] };

const nothing: Balance = { total: 0n, held: 0n };

/** Everybody's money. Whatever leaves one place comes to another. */
export class Accounts {
  readonly #accounts = new Map<string, Account>();
  readonly #flows = new Map<string, Flow>();

  get all(): Iterable<Account> {
    return this.#accounts.values();
  }

  get flows(): Iterable<readonly [asset: string, flow: Readonly<Flow>]> {
    return this.#flows;
  }

  /** @throws VenueError `invalid-options` if it is there already. */
  open(name: string, rates: Rates, fees?: FeeRates): Account {
    if (this.#accounts.has(name)) throw invalid(`account ${name}: expected a new one, got one that is there`);
    const account: Account = { name, fees, rates, holdings: new Map(), orders: new Set() };
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
    holdingOf(account, asset).total += units;
    this.#flowOf(asset).deposited += units;
  }

  /** False if not so much is available. */
  withdraw(account: Account, asset: string, units: MoneyUnits): boolean {
    if (availableOf(account, asset) < units) return false;
    holdingOf(account, asset).total -= units;
    this.#flowOf(asset).withdrawn += units;
    return true;
  }

  /** Takes a fee out of an account, or pays a rebate into it. */
  charge(account: Account, asset: string, fee: MoneyUnits): void {
    holdingOf(account, asset).total -= fee;
    this.#flowOf(asset).fees += fee;
  }

  /** Puts back what an earlier engine counted. */
  restoreFlow(asset: string, flow: Flow): void {
    this.#flows.set(asset, flow);
  }

  ledger(): ReadonlyMap<string, LedgerLine> {
    const lines = new Map<string, MutableLine>();
    for (const [asset, flow] of this.#flows) lines.set(asset, { ...flow, inAccounts: 0n, held: 0n });
    for (const { holdings } of this.#accounts.values()) {
      for (const [asset, { total, held }] of holdings) {
        const line = lines.get(asset) ?? emptyLine();
        line.inAccounts += total;
        line.held += held;
        lines.set(asset, line);
      }
    }
    return lines;
  }

  #flowOf(asset: string): Flow {
    let flow = this.#flows.get(asset);
    if (flow === undefined) {
      flow = { deposited: 0n, withdrawn: 0n, fees: 0n };
      this.#flows.set(asset, flow);
    }
    return flow;
  }
}

function emptyLine(): MutableLine {
  return { deposited: 0n, withdrawn: 0n, inAccounts: 0n, held: 0n, fees: 0n };
}

/** A copy of what an account has of an asset. */
export function balanceOf({ holdings }: Account, asset: string): Balance {
  const { total, held } = holdings.get(asset) ?? nothing;
  return { total, held };
}

export function availableOf({ holdings }: Account, asset: string): MoneyUnits {
  const { total, held } = holdings.get(asset) ?? nothing;
  return total - held;
}

/** Changes what an account has of an asset, and how much of that is held. */
export function change(account: Account, asset: string, total: MoneyUnits, held: MoneyUnits): void {
  const holding = holdingOf(account, asset);
  holding.total += total;
  holding.held += held;
}

function holdingOf({ holdings }: Account, asset: string): Holding {
  let holding = holdings.get(asset);
  if (holding === undefined) {
    holding = { total: 0n, held: 0n };
    holdings.set(asset, holding);
  }
  return holding;
}

/** @throws VenueError `invalid-options` naming the rate. */
export function toRates({ maker, taker }: FeeRates): Rates {
  return { maker: toRate(maker, 'maker fee'), taker: toRate(taker, 'taker fee') };
}

function toRate(text: string, what: string): MoneyUnits {
  const rate = toUnits(text, what);
  if (rate >= whole || rate <= -whole) throw invalid(`${what}: expected a fraction below 1, got ${text}`);
  return rate;
}
