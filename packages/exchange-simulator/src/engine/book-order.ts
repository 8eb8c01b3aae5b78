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
  readonly side: OrderSide;
  readonly kind: OrderKind;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly sizeLots: number;
  readonly priceTicks: number;
  readonly stopTicks: number | undefined;
  readonly placedAtMs: number;
  /** Rises with every order of the engine. */
  readonly number: number;
  readonly member: Member;
  status: EngineOrderStatus;
  cancelReason: CancelReason | undefined = undefined;
  filledLots = 0;
  traded: Units = 0;
  paid: Units = 0;
  holds: Units = 0;
  /** Where it rests; `undefined` while it does not. */
  level: PriceLevel | undefined = undefined;
  /** Its place among the live orders, and the hash of its id: the index of orders keeps them. */
  slot = 0;
  idHash = 0;

  constructor(request: OrderRequest, member: Member, number: number, placedAtMs: number) {
    this.id = request.id;
    this.side = request.side;
    this.kind = request.kind;
    this.timeInForce = takesAtAnyRate(request.kind) ? 'IOC' : (request.timeInForce ?? 'GTC');
    this.postOnly = request.postOnly ?? false;
    this.sizeLots = compact(request.sizeLots);
    this.priceTicks = compact(request.priceTicks);
    this.stopTicks = request.stopTicks;
    this.placedAtMs = placedAtMs;
    this.number = number;
    this.member = member;
    this.status = hasStop(request.kind) ? 'waiting' : 'open';
  }

  get market(): InstrumentMarket {
    return this.member.market;
  }

  get account(): string {
    return this.member.account.name;
  }

  get symbol(): string {
    return this.member.market.instrument.rules.symbol;
  }

  get feeAsset(): string {
    return feeAssetOf(this.member.market.instrument, this.side);
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

/**
 * The same number. One that came out of a division is kept as fractions are, in a box of its own, by each order, level and event that has
 * it: a twentieth of the memory that an operation took.
 */
function compact(count: number): number {
  const small = count | 0;
  return small === count ? small : count;
}
