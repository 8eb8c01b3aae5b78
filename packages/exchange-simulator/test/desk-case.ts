import { createDesk } from '../src/desk/desk.ts';
import type { AccountUpdate, DeskOrder, Movement, TradingDesk } from '../src/desk/desk-types.ts';
import { createMatchingEngine } from '../src/engine/create-engine.ts';
import type { FeeRates, InstrumentRules } from '../src/engine/engine-types.ts';
import { toText, toUnits } from '../src/engine/money.ts';
import { createFloor, type Floor } from '../src/floor/floor.ts';
import { createListing } from '../src/floor/listing.ts';
import { createHandMadeRuntime, type HandMadeRuntime } from './hand-made-runtime.ts';

/** The pair of the worked example of the venue's protocol. */
export const workedRules: InstrumentRules = {
  ...{ symbol: 'ASD/USDT', base: 'ASD', quote: 'USDT', tickSize: '0.0001', lotSize: '1' },
  ...{ minNotional: '5', maxNotional: '100000', minSize: '0.000000001', maxSize: '1000000000' },
  ...{ commission: 'quote', reserveRate: '0.001' },
};

export interface DeskCase {
  readonly desk: TradingDesk;
  readonly floor: Floor;
  readonly runtime: HandMadeRuntime;
  readonly updates: AccountUpdate[];
  readonly movements: Movement[];
  submit(id: string, request: Partial<DeskOrder>): void;
  /** What was told since the last time, in few words. */
  heard(): readonly string[];
  /** Total and available, as text. */
  balance(asset: string): string;
}

/** A desk with the customer `ann`, and `bob` who trades beside it; both have plenty. */
export function deskCase({
  delayMs,
  fees = { maker: '0.001', taker: '0.001' },
}: {
  delayMs?: () => number;
  fees?: FeeRates;
} = {}): DeskCase {
  const runtime = createHandMadeRuntime();
  const { clock, timers } = runtime;
  const listings = new Map([[workedRules.symbol, createListing(workedRules)]]);
  const floor = createFloor(
    (onEvent) => createMatchingEngine({ instruments: [workedRules], fees, onEvent }),
    clock,
  );
  const movements: Movement[] = [];
  const desk = createDesk({
    ...{ floor, listings, clock, timers },
    ...(delayMs && { delayMs }),
    onUpdate: (_, movement) => {
      if (movement !== undefined) movements.push(movement);
    },
  });
  floor.openAccount('bob');
  desk.openAccount('ann');
  for (const asset of ['ASD', 'USDT']) floor.deposit('bob', asset, toUnits('100000', ''));
  desk.deposit('ann', 'USDT', toUnits('1000', ''));
  desk.deposit('ann', 'ASD', toUnits('250', ''));
  const updates: AccountUpdate[] = [];
  desk.subscribe('ann', (update) => updates.push(update));
  let heard = 0;
  return {
    ...{ desk, floor, runtime, updates, movements },
    submit(id, request) {
      const usual = { account: 'ann', symbol: 'ASD/USDT', side: 'buy', kind: 'limit' } as const;
      desk.submit({ ...usual, sizeLots: 500, priceTicks: 712, clientId: `my ${id}`, ...request, id });
    },
    heard() {
      const from = heard;
      heard = updates.length;
      return updates.slice(from).map(wordsOf);
    },
    balance(asset) {
      const { total, held } = desk.balance('ann', asset);
      return `${toText(total)} ${toText(total - held)}`;
    },
  };
}

function wordsOf(update: AccountUpdate): string {
  if (update.kind === 'balance') return `${update.reason} ${toText(update.change)} ${update.asset}`;
  const { orderId, change, order, refusal } = update;
  const why = refusal ?? order?.reason;
  return [orderId, change, order?.phase, why].filter((word) => word !== undefined).join(' ');
}
