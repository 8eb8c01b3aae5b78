import type { Balance, BalanceState, Balances, Runtime } from '@venuekit/connector-core';
import { createFeed, type FeedSource } from '../feed/feed.ts';

/** The balances of an account, by asset. */
export class BalanceLedger {
  readonly balances: Balances;
  readonly #source: FeedSource<BalanceState>;
  readonly #byAsset = new Map<string, Balance>();
  /** As the state feed told them last. */
  readonly #told = new Map<string, Balance>();
  /** By name; made anew when an asset comes. */
  #names: readonly string[] = [];

  constructor(runtime: Runtime, venue: string) {
    this.#source = createFeed<BalanceState>({
      name: 'balances',
      venue,
      conflateBy: ({ balance }) => balance.asset,
      opening: () => this.#all().map((balance) => ({ kind: 'balance', balance })),
      onListenerError: (error) => runtime.logger.error(`a listener of balances threw: ${String(error)}`),
    });
    this.balances = this.#view();
  }

  /** Keeps a balance as it is now; says whether it is another one than before. */
  store(balance: Balance): boolean {
    const before = this.#byAsset.get(balance.asset);
    this.#byAsset.set(balance.asset, balance);
    if (before === undefined) this.#names = [...this.#byAsset.keys()].sort();
    return !areEqual(before, balance);
  }

  /** Tells everybody of an asset as it is now, unless that was told already: a listener may have set and told a newer balance. */
  tell(asset: string): void {
    const balance = this.#byAsset.get(asset);
    if (balance === undefined || areEqual(this.#told.get(asset), balance)) return;
    this.#told.set(asset, balance);
    this.#source.emit({ kind: 'balance', balance });
  }

  /** Nothing more is told. */
  end(error: Parameters<FeedSource<BalanceState>['end']>[0]): void {
    this.#source.end(error);
  }

  #all(): readonly Balance[] {
    return this.#names.map((asset) => this.#byAsset.get(asset) as Balance);
  }

  #view(): Balances {
    const ledger = this;
    const { feed } = this.#source;
    return {
      get size() {
        return ledger.#byAsset.size;
      },
      get: (asset) => this.#byAsset.get(asset),
      [Symbol.iterator]: () => this.#all()[Symbol.iterator](),
      [Symbol.asyncIterator]: () => feed[Symbol.asyncIterator](),
      subscribe: (listener, options) => feed.subscribe(listener, options),
      until: (signal) => feed.until(signal),
      get stats() {
        return feed.stats;
      },
    };
  }
}

function areEqual(before: Balance | undefined, after: Balance): boolean {
  return before?.total.equals(after.total) === true && before.available.equals(after.available);
}
