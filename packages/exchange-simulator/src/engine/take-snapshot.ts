import type { Account } from './accounts.ts';
import type { BookOrder } from './book-order.ts';
import type { EngineParts } from './engine-parts.ts';
import type {
  AccountSnapshot,
  EngineSnapshot,
  FlowSnapshot,
  InstrumentSnapshot,
  OrderSnapshot,
} from './engine-snapshot.ts';
import type { InstrumentMarket } from './instrument-market.ts';

/** Writes down all of an engine. */
export function takeSnapshot({ accounts, fees, markets, numbers, tell }: EngineParts): EngineSnapshot {
  return {
    version: 1,
    sequence: tell.sequence,
    numbers,
    fees,
    instruments: Array.from(markets.values(), instrumentOf),
    accounts: Array.from(accounts.all, accountOf),
    flows: Array.from(accounts.flows, ([asset, flow]): FlowSnapshot => {
      const { deposited, withdrawn, fees: paid } = flow;
      return { asset, deposited: `${deposited}`, withdrawn: `${withdrawn}`, fees: `${paid}` };
    }),
  };
}

function instrumentOf({ instrument, buys, sells, stops }: InstrumentMarket): InstrumentSnapshot {
  const { rules, status, lastTicks = null } = instrument;
  const orders = [...buys.orders(), ...sells.orders(), ...stops.all].map(orderOf);
  return { rules, status, lastTicks, orders };
}

function orderOf(order: BookOrder): OrderSnapshot {
  const { id, account, number, side, kind, timeInForce, postOnly, sizeLots, priceTicks } = order;
  const { stopTicks = null, placedAtMs, status, filledLots, filledQuote, fee, held } = order;
  return {
    ...{ id, account, number, side, kind, timeInForce, postOnly, sizeLots, priceTicks, stopTicks },
    ...{ placedAtMs, status, filledLots },
    ...{ filledQuote: `${filledQuote}`, fee: `${fee}`, held: `${held}` },
  };
}

function accountOf({ name, fees, holdings }: Account): AccountSnapshot {
  return {
    name,
    fees: fees ?? null,
    totals: Array.from(holdings, ([asset, { total }]) => [asset, `${total}`] as const),
  };
}
