import type {
  EngineOrderStatus,
  FeeRates,
  InstrumentRules,
  OrderKind,
  OrderSide,
  TimeInForce,
  TradingStatus,
} from './engine-types.ts';

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

/** A live order. */
export interface OrderSnapshot {
  readonly id: string;
  readonly account: string;
  /** Its place in the order of coming. */
  readonly number: number;
  readonly side: OrderSide;
  readonly kind: OrderKind;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly sizeLots: number;
  readonly priceTicks: number;
  readonly stopTicks: number | null;
  readonly placedAtMs: number;
  readonly status: EngineOrderStatus;
  readonly filledLots: number;
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
