import type { MatchingEngine } from '../src/engine/matching-engine.ts';
import { facts } from './engine-operations.ts';

/** What has to hold of an engine at every moment; gives what does not. */
export function problemsOf(engine: MatchingEngine): string[] {
  return [...moneyProblems(engine), ...accountProblems(engine), ...bookProblems(engine)];
}

function* moneyProblems(engine: MatchingEngine): Generator<string> {
  for (const [asset, { deposited, withdrawn, inAccounts, held, fees }] of engine.ledger()) {
    if (deposited !== withdrawn + inAccounts + fees) yield `${asset}: money came from nowhere or went there`;
    let [total, inHolds] = [0n, 0n];
    for (const account of facts.accounts) {
      const balance = engine.balance(account, asset);
      total += balance.total;
      inHolds += balance.held;
    }
    if (total !== inAccounts) yield `${asset}: accounts have ${total}, the ledger says ${inAccounts}`;
    if (inHolds !== held) yield `${asset}: accounts hold ${inHolds}, the ledger says ${held}`;
  }
}

function* accountProblems(engine: MatchingEngine): Generator<string> {
  for (const account of facts.accounts) {
    const held = new Map<string, bigint>();
    for (const order of engine.orders(account)) {
      const [base = '', quote = ''] = order.symbol.split('/');
      const asset = order.side === 'buy' ? quote : base;
      held.set(asset, (held.get(asset) ?? 0n) + order.held);
      if (order.held <= 0n) yield `${order.id} holds ${order.held}`;
      if (order.filledLots >= order.sizeLots) yield `${order.id} is filled and lives`;
    }
    for (const [asset, balance] of engine.balances(account)) {
      if (balance.held < 0n || balance.total < balance.held) {
        yield `${account} has ${balance.total} ${asset} and holds ${balance.held}`;
      }
      const ofOrders = held.get(asset) ?? 0n;
      if (balance.held !== ofOrders) yield `${account} holds ${balance.held} ${asset}, orders ${ofOrders}`;
      held.delete(asset);
    }
    for (const asset of held.keys()) yield `${account} has no ${asset} and holds it`;
  }
}

function* bookProblems(engine: MatchingEngine): Generator<string> {
  for (const symbol of facts.symbols) {
    const [bid] = engine.levels(symbol, 'buy', 1);
    const [ask] = engine.levels(symbol, 'sell', 1);
    if (bid === undefined || ask === undefined) continue;
    if (bid.priceTicks >= ask.priceTicks) yield `${symbol}: bid ${bid.priceTicks}, ask ${ask.priceTicks}`;
  }
}
