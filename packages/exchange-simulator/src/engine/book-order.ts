import type {
  CancelReason,
  EngineOrder,
  EngineOrderStatus,
  MoneyUnits,
  OrderKind,
  OrderRequest,
  OrderSide,
  TimeInForce,
} from './engine-types.ts';
import { feeAssetOf } from './instrument.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import type { Member } from './member.ts';
import type { PriceLevel } from './price-levels.ts';
import type { Units } from './units.ts';

/** An order as the engine changes it. It knows all that it moves, so that nothing has to be looked up when it does. */
export class BookOrder implements EngineOrder {
  readonly id: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly kind: OrderKind;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly sizeLots: number;
  readonly priceTicks: number;
  readonly stopTicks: number | undefined;
  readonly placedAtMs: number;
  readonly feeAsset: string;
  /** Rises with every order of the engine. */
  readonly number: number;
  readonly market: InstrumentMarket;
  readonly member: Member;
  status: EngineOrderStatus;
  cancelReason: CancelReason | undefined = undefined;
  filledLots = 0;
  traded: Units = 0;
  paid: Units = 0;
  holds: Units = 0;
  /** Where it rests; `undefined` while it does not. */
  level: PriceLevel | undefined = undefined;
  /** Its neighbours at its price. */
  before: BookOrder | undefined = undefined;
  behind: BookOrder | undefined = undefined;
  /** Its neighbours among the live orders of its account. */
  earlier: BookOrder | undefined = undefined;
  later: BookOrder | undefined = undefined;
  /** Of its id, for the index of orders. */
  idHash = 0;

  constructor(
    request: OrderRequest,
    market: InstrumentMarket,
    member: Member,
    number: number,
    placedAtMs: number,
  ) {
    this.id = request.id;
    this.account = request.account;
    this.symbol = request.symbol;
    this.side = request.side;
    this.kind = request.kind;
    this.timeInForce = takesAtAnyRate(request.kind) ? 'IOC' : (request.timeInForce ?? 'GTC');
    this.postOnly = request.postOnly ?? false;
    this.sizeLots = request.sizeLots;
    this.priceTicks = request.priceTicks;
    this.stopTicks = request.stopTicks;
    this.placedAtMs = placedAtMs;
    this.feeAsset = feeAssetOf(market.instrument, request.side);
    this.number = number;
    this.market = market;
    this.member = member;
    this.status = hasStop(request.kind) ? 'waiting' : 'open';
  }

  get leftLots(): number {
    return this.sizeLots - this.filledLots;
  }

  get filledQuote(): MoneyUnits {
    return BigInt(this.traded);
  }

  get fee(): MoneyUnits {
    return BigInt(this.paid);
  }

  get held(): MoneyUnits {
    return BigInt(this.holds);
  }
}

/** True for orders that never rest in the book. */
export function takesAtAnyRate(kind: OrderKind): boolean {
  return kind === 'market' || kind === 'stop-market';
}

/** True for orders that wait for the last trade to reach a price. */
export function hasStop(kind: OrderKind): boolean {
  return kind === 'stop-limit' || kind === 'stop-market';
}
