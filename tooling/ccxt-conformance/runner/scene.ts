import { confirmedBalances } from './confirmed-account.ts';
import { decimalText, downTo, over, units, upTo } from './exact-decimal.ts';
import { type Line, line } from './line.ts';
import { type Book, type MarketRules, readBook, readRules } from './market-rules.ts';
import type { RawAccount, RawBalance } from './raw-account.ts';
import type { Stage, Trader } from './stage.ts';

/** An order as it is handed in. Money is decimal text. */
export interface Sent {
  readonly type: 'limit' | 'market';
  readonly side: 'buy' | 'sell';
  readonly amount: string;
  readonly price?: string;
  readonly trigger?: string;
  readonly clientId?: string;
  /** Further parameters of ccxt's call. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A trader at a market, with no orders at the beginning. */
export interface Scene {
  readonly stage: Stage;
  readonly trader: Trader;
  readonly rules: MarketRules;
  readonly stranger: () => RawAccount;
  book(): Promise<Book>;
  /** A small limit order that stays in the book: five per cent away from it. */
  resting(side: Sent['side']): Promise<Sent & { readonly price: string }>;
  /** A small limit order that is filled at once: one per cent into the other side. */
  crossing(side: Sent['side']): Promise<Sent & { readonly price: string }>;
  /** As the venue tells them, and as they are. */
  balances(): Promise<ReadonlyMap<string, RawBalance>>;
}

/** A line in which a trader places orders. What is left of them is canceled. */
export function trading(name: string, run: (scene: Scene) => Promise<unknown>): Line {
  return line(name, (stage) => withScene(stage, stage.symbol, run));
}

/** Sets a scene, and clears it. */
export async function withScene(
  stage: Stage,
  symbol: string,
  run: (scene: Scene) => Promise<unknown>,
): Promise<void> {
  const { trader } = stage;
  const scene = await openScene(stage, symbol);
  await trader.raw.cancelAll();
  try {
    await run(scene);
  } finally {
    await trader.raw.cancelAll();
  }
}

/** Sets a scene beside another: nothing is canceled. */
export async function openScene(stage: Stage, symbol: string): Promise<Scene> {
  const { trader, raw } = stage;
  const rules = await readRules(raw, symbol);
  const book = (): Promise<Book> => readBook(raw, rules.symbol);
  async function priced(side: Sent['side'], perCent: bigint): Promise<Sent & { readonly price: string }> {
    const { bid, ask } = await book();
    const buys = side === 'buy';
    const touch = perCent > 0n === buys ? ask : bid;
    const wished = (touch * (100n + (buys ? perCent : -perCent))) / 100n;
    const price = buys ? downTo(rules.tick, wished) : upTo(rules.tick, wished);
    return { type: 'limit', side, amount: amountOf(rules, price, 3n), price: decimalText(price) };
  }
  return {
    stage,
    trader,
    rules,
    stranger: () => stage.stranger,
    book,
    resting: (side) => priced(side, -5n),
    crossing: (side) => priced(side, 1n),
    balances: () => confirmedBalances(trader),
  };
}

/** The size that is worth so many times the least value of an order. */
export function amountOf(rules: MarketRules, price: bigint, leastValues: bigint): string {
  return decimalText(upTo(rules.lot, over(rules.leastValue * leastValues, price)));
}

/** Lets the other account trade at once through what the book has up to a price, and a little more. */
export async function tradeUpTo(scene: Scene, side: Sent['side'], price: bigint): Promise<void> {
  const { rules } = scene;
  const { bids, asks } = await scene.book();
  const within = side === 'buy' ? asks.filter(([at]) => at <= price) : bids.filter(([at]) => at >= price);
  const size = within.reduce((sum, [, there]) => sum + there, units(amountOf(rules, price, 2n)));
  await scene.stranger().place({
    symbol: rules.symbol,
    side,
    orderType: 'limit',
    orderPrice: decimalText(price),
    orderQty: decimalText(size),
    timeInForce: 'IOC',
  });
}

/** What an account has of an asset, in units of 10^-24. */
export function held(
  balances: ReadonlyMap<string, RawBalance>,
  asset: string,
): { readonly total: bigint; readonly available: bigint } {
  const { total = '0', available = '0' } = balances.get(asset) ?? {};
  return { total: units(total), available: units(available) };
}
