import { Accounts, type Rates, toRates } from './accounts.ts';
import type { FeeRates } from './engine-types.ts';
import { EventTeller } from './event-teller.ts';
import { createInstrument } from './instrument.ts';
import { InstrumentMarket } from './instrument-market.ts';
import type { MatchingEngineOptions } from './matching-engine.ts';
import { invalid } from './money.ts';
import { OrderIndex } from './order-index.ts';

/** What an engine is made of. */
export interface EngineParts {
  readonly markets: Map<string, InstrumentMarket>;
  readonly accounts: Accounts;
  /** Orders that rest or wait, by id. */
  readonly live: OrderIndex;
  readonly tell: EventTeller;
  /** Of accounts that have none of their own. */
  readonly fees: FeeRates;
  /** Orders that have come. */
  numbers: number;
}

/** @throws VenueError `invalid-options` naming the instrument and the field. */
export function createParts({ instruments, fees, onEvent }: MatchingEngineOptions): EngineParts {
  const live = new OrderIndex();
  const accounts = new Accounts(live);
  const markets = new Map<string, InstrumentMarket>();
  for (const rules of instruments) {
    if (markets.has(rules.symbol)) throw invalid(`${rules.symbol}: expected each symbol once`);
    markets.set(rules.symbol, new InstrumentMarket(createInstrument(rules), accounts, live));
  }
  ratesFor(fees, markets.values());
  return { markets, accounts, live, tell: new EventTeller(onEvent), fees, numbers: 0 };
}

/**
 * Rates of an account. No fee that is paid from what an order holds may be more than is held for it.
 * @throws VenueError `invalid-options` naming the rate, or the instrument that holds less.
 */
export function ratesFor(fees: FeeRates, markets: Iterable<InstrumentMarket>): Rates {
  const rates = toRates(fees);
  for (const { instrument } of markets) {
    const { commission, reserveRate, rules } = instrument;
    if (
      commission === 'received' ||
      (rates.maker.units <= reserveRate.units && rates.taker.units <= reserveRate.units)
    )
      continue;
    const got = `${fees.maker} and ${fees.taker}`;
    throw invalid(
      `fees: expected at most ${rules.reserveRate}, which ${rules.symbol} holds for them, got ${got}`,
    );
  }
  return rates;
}
