import { type AccountEvent, type CandleEvent, unexpectedKind } from '../../src/index.ts';

export function describeCandle(event: CandleEvent): string {
  switch (event.kind) {
    case 'candle-forming':
    case 'candle-closed':
      return 'candle';
    case 'start':
    case 'gap':
      return 'flow';
    default:
      // A kind that was forgotten: candle-revised.
      // error TS2345: 'CandleRevised' is not assignable to parameter of type 'never'
      return unexpectedKind(event);
  }
}

export function isOrder(event: AccountEvent): boolean {
  // error TS2367: no overlap
  if (event.kind === 'order-created') return true;
  // error TS2339: 'order' does not exist on type
  return event.order !== undefined;
}

// All kinds: compiles.
export function all(event: CandleEvent): string {
  switch (event.kind) {
    case 'candle-forming':
    case 'candle-closed':
    case 'candle-revised':
      return event.candle.pair;
    case 'start':
    case 'gap':
      return '';
    default:
      return unexpectedKind(event);
  }
}
