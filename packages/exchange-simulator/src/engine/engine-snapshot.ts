import type { EngineOrder, FeeRates, InstrumentRules, TradingStatus } from './engine-types.ts';

/** An engine at one moment, as JSON can hold it. Units are text. */
export interface EngineSnapshot {
  readonly version: 1;
  /** Number of the last event. */
  readonly sequence: number;
  /** Orders that have come. */
  readonly numbers: number;
  readonly fees: FeeRates;
  readonly instruments: readonly InstrumentSnapshot[];
  readonly accounts: readonly AccountSnapshot[];
  readonly flows: readonly FlowSnapshot[];
}

/** An instrument with its orders: each book from the best price, at each price the first to be filled first. */
export interface InstrumentSnapshot {
  readonly rules: InstrumentRules;
  readonly status: TradingStatus;
  readonly lastTicks: number | null;
  readonly orders: readonly OrderSnapshot[];
}

/** What is written of a live order as it is. */
type WrittenAsItIs =
  | ('id' | 'account' | 'side' | 'kind' | 'timeInForce' | 'postOnly')
  | ('sizeLots' | 'priceTicks' | 'placedAtMs' | 'status' | 'filledLots');

/** A live order. */
export interface OrderSnapshot extends Pick<EngineOrder, WrittenAsItIs> {
  /** Its place in the order of coming. */
  readonly number: number;
  readonly stopTicks: number | null;
  readonly filledQuote: string;
  readonly fee: string;
  readonly held: string;
}

/** An account with what it has. */
export interface AccountSnapshot {
  readonly name: string;
  readonly fees: FeeRates | null;
  readonly totals: readonly (readonly [asset: string, units: string])[];
}

/** What came and went of one asset. */
export interface FlowSnapshot {
  readonly asset: string;
  readonly deposited: string;
  readonly withdrawn: string;
  readonly fees: string;
}
