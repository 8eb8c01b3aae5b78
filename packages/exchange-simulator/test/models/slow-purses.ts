import type { Balance, LedgerLine, MoneyUnits } from '../../src/engine/engine-types.ts';

/** What one account has of one asset. */
interface Purse {
  readonly account: string;
  readonly asset: string;
  total: MoneyUnits;
  held: MoneyUnits;
}

type Passage = 'deposited' | 'withdrawn' | 'fees';

/** All the money there is, and what came in and went out, as one long list each. */
export class SlowPurses {
  readonly #purses: Purse[] = [];
  readonly #passed: { readonly asset: string; readonly passage: Passage; readonly units: MoneyUnits }[] = [];

  balance(account: string, asset: string): Balance {
    const purse = this.#purses.find((each) => each.account === account && each.asset === asset);
    return { total: purse?.total ?? 0n, held: purse?.held ?? 0n };
  }

  available(account: string, asset: string): MoneyUnits {
    const { total, held } = this.balance(account, asset);
    return total - held;
  }

  balances(account: string): ReadonlyMap<string, Balance> {
    const own = this.#purses.filter((each) => each.account === account);
    return new Map(own.map(({ asset, total, held }) => [asset, { total, held }]));
  }

  ledger(): ReadonlyMap<string, LedgerLine> {
    const assets = new Set([...this.#purses, ...this.#passed].map(({ asset }) => asset));
    return new Map([...assets].map((asset) => [asset, this.#line(asset)]));
  }

  change(account: string, asset: string, total: MoneyUnits, held: MoneyUnits): void {
    const known = this.#purses.find((each) => each.account === account && each.asset === asset);
    const purse = known ?? { account, asset, total: 0n, held: 0n };
    if (known === undefined) this.#purses.push(purse);
    purse.total += total;
    purse.held += held;
  }

  /** Money that came from outside, went there, or became a fee. */
  pass(asset: string, passage: Passage, units: MoneyUnits): void {
    this.#passed.push({ asset, passage, units });
  }

  #line(asset: string): LedgerLine {
    const purses = this.#purses.filter((each) => each.asset === asset);
    const passed = this.#passed.filter((each) => each.asset === asset);
    const sumOf = (passage: Passage): MoneyUnits =>
      passed.reduce((sum, each) => (each.passage === passage ? sum + each.units : sum), 0n);
    return {
      deposited: sumOf('deposited'),
      withdrawn: sumOf('withdrawn'),
      inAccounts: purses.reduce((sum, { total }) => sum + total, 0n),
      held: purses.reduce((sum, { held }) => sum + held, 0n),
      fees: sumOf('fees'),
    };
  }
}
