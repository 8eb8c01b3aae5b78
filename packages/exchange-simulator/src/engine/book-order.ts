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
import type { PriceLevel } from './price-levels.ts';

/** An order as the engine changes it. */
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
  status: EngineOrderStatus;
  cancelReason: CancelReason | undefined = undefined;
  filledLots = 0;
  filledQuote: MoneyUnits = 0n;
  fee: MoneyUnits = 0n;
  held: MoneyUnits = 0n;
  /** Where it rests; `undefined` while it does not. */
  level: PriceLevel | undefined = undefined;
  /** Its neighbours at its price. */
  before: BookOrder | undefined = undefined;
  behind: BookOrder | undefined = undefined;

  constructor(request: OrderRequest, number: number, feeAsset: string, placedAtMs: number) {
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
    this.feeAsset = feeAsset;
    this.number = number;
    this.status = hasStop(request.kind) ? 'waiting' : 'open';
  }

  get leftLots(): number {
    return this.sizeLots - this.filledLots;
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
