import { createMatchingEngine } from '../src/engine/create-engine.ts';
import type {
  EngineEvent,
  EngineOrder,
  FeeRates,
  InstrumentRules,
  OrderRequest,
} from '../src/engine/engine-types.ts';
import type { MatchingEngine, Placement } from '../src/engine/matching-engine.ts';
import { toText, toUnits } from '../src/engine/money.ts';

/** Ticks and lots of one unit of quote and base, unless it says otherwise. */
export const plainRules: InstrumentRules = {
  ...{ symbol: 'A/Q', base: 'A', quote: 'Q', tickSize: '1', lotSize: '1' },
  ...{ minNotional: '1', maxNotional: '1000000', minSize: '1', maxSize: '1000' },
  ...{ commission: 'quote', reserveRate: '0' },
};

/** An engine with two accounts that have plenty. */
export interface EngineCase {
  readonly engine: MatchingEngine;
  readonly events: EngineEvent[];
  /** What happened since the last time, in few words. */
  heard(): readonly string[];
  place(id: string, request: Partial<OrderRequest>): Placement;
  /** Total and available, as text. */
  balance(account: string, asset: string): string;
}

/** @param rules what differs from the plain ones. */
export function engineCase(
  rules: Partial<InstrumentRules> = {},
  { fees = { maker: '0', taker: '0' }, rich = true }: { fees?: FeeRates; rich?: boolean } = {},
): EngineCase {
  const events: EngineEvent[] = [];
  let heard = 0;
  const onEvent = (event: EngineEvent): void => {
    // An order goes on changing: what it was is kept.
    events.push(event.kind === 'order' ? { ...event, order: copyOf(event.order) } : event);
  };
  const instrument = { ...plainRules, ...rules };
  const engine = createMatchingEngine({ instruments: [instrument], fees, onEvent });
  for (const account of ['ann', 'bob']) {
    engine.openAccount(account);
    if (!rich) continue;
    for (const asset of [instrument.base, instrument.quote])
      engine.deposit(account, asset, toUnits('1000000', ''), 0);
  }
  heard = events.length;
  return {
    engine,
    events,
    heard() {
      const from = heard;
      heard = events.length;
      return events.slice(from).map(wordsOf);
    },
    place(id, request) {
      const usual = { account: 'ann', symbol: instrument.symbol, side: 'buy', kind: 'limit' } as const;
      return engine.place({ ...usual, sizeLots: 1, priceTicks: 1, ...request, id }, 1);
    },
    balance(account, asset) {
      const { total, held } = engine.balance(account, asset);
      return `${toText(total)} ${toText(total - held)}`;
    },
  };
}

/** With the amounts, which an order makes when they are read. */
function copyOf(order: EngineOrder): EngineOrder {
  const { filledQuote, fee, held } = order;
  return { ...order, filledQuote, fee, held };
}

function wordsOf(event: EngineEvent): string {
  if (event.kind === 'trade') return `trade ${event.sizeLots} at ${event.priceTicks}`;
  if (event.kind === 'level') return `${event.side} ${event.priceTicks}: ${event.sizeLots}`;
  if (event.kind === 'balance') return `${event.account} ${toText(event.change)} ${event.asset}`;
  const { order, change, fill } = event;
  const more = change === 'canceled' ? ` ${order.cancelReason}` : '';
  return `${order.id} ${change}${fill === undefined ? more : ` ${fill.sizeLots} as ${fill.role}`}`;
}
