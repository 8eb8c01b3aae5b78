import { createMatchingEngine } from '../src/engine/create-engine.ts';
import type { EngineEvent, OrderRequest, OrderSide } from '../src/engine/engine-types.ts';
import type { Placement } from '../src/engine/matching-engine.ts';
import { toUnits } from '../src/engine/money.ts';
import { createFloor, type Floor } from '../src/floor/floor.ts';
import { createListing } from '../src/floor/listing.ts';
import { createSeededRandom } from '../src/seeded-random.ts';
import { createTraders, type ReferencePrice, type Traders } from '../src/traders/traders.ts';
import type { PairProfile } from '../src/world/world-pairs.ts';

/** Where every stage begins. */
export const stageStartMs = 1_700_000_000_000;

/** A floor with traders, and time that passes when a test says so. */
export interface TradersStage {
  readonly floor: Floor;
  readonly traders: Traders;
  readonly events: number;
  /** Timers that have not fired, and that have. */
  readonly pending: number;
  readonly fired: number;
  /** Requests of the traders that the engine has refused. */
  readonly refused: readonly string[];
  readonly nowMs: number;
  /** Milliseconds pass, and what is due is done. */
  pass(ms: number): void;
  /** The clock is set, forth or back; no time passes. */
  setClock(byMs: number): void;
  /** An order of a stranger who has plenty. */
  place(
    request: Partial<OrderRequest> & Pick<OrderRequest, 'symbol' | 'side' | 'priceTicks' | 'sizeLots'>,
  ): Placement;
  best(symbol: string, side: OrderSide): number;
  middle(symbol: string): number;
}

/** What a stage is made of. */
export interface StageOptions {
  readonly seed: string | number;
  readonly pairs: readonly PairProfile[];
  /** A walk of the pair's volatility if left out. */
  readonly reference?: ((pair: PairProfile) => ReferencePrice) | undefined;
  readonly hear?: ((event: EngineEvent) => void) | undefined;
  /** After each operation. */
  readonly ended?: ((stage: TradersStage) => void) | undefined;
}

/** A walk whose steps of a second have the volatility of the pair, drawn from the seed. */
export function walkOf(pair: PairProfile, seed: string | number): ReferencePrice {
  const random = createSeededRandom(seed);
  // The root of a third of twelve times four: four even draws of width one have a deviation of 0.577.
  const step = pair.volatility / Math.sqrt(86_400) / 0.577_35;
  const prices: number[] = [pair.homeTicks];
  return {
    priceAt(atMs) {
      const second = Math.floor((atMs - stageStartMs) / 1_000);
      while (prices.length <= second) {
        let sum = -2;
        for (let draw = 0; draw < 4; draw += 1) sum += random.next(`walk ${pair.symbol}`);
        prices.push((prices.at(-1) ?? 1) * (1 + step * sum));
      }
      return Math.round(prices[second] ?? pair.homeTicks);
    },
  };
}

/** Makes the stage; nothing is in the books before `traders.open()`. */
export function createTradersStage({ seed, pairs, reference, hear, ended }: StageOptions): TradersStage {
  let nowMs = stageStartMs;
  let offsetMs = 0;
  let events = 0;
  let fired = 0;
  let strangers = 0;
  const refused: string[] = [];
  const timers = new Set<{ readonly atMs: number; readonly fire: () => void }>();
  const clock = { now: () => nowMs + offsetMs, monotonic: () => nowMs - stageStartMs };
  const floor = createFloor(
    (onEvent) =>
      createMatchingEngine({
        instruments: pairs.map(({ rules }) => rules),
        fees: { maker: '0.001', taker: '0.001' },
        onEvent,
      }),
    clock,
  );
  const watched: typeof floor = {
    ...floor,
    place(request) {
      const placement = floor.place(request);
      if (placement.refusal !== undefined) refused.push(`${placement.refusal}: ${JSON.stringify(request)}`);
      return placement;
    },
    cancel(id) {
      const refusal = floor.cancel(id);
      if (refusal !== undefined) refused.push(`${refusal}: cancel ${id}`);
      return refusal;
    },
  };
  const traders = createTraders({
    floor: watched,
    listings: new Map(pairs.map(({ rules }) => [rules.symbol, createListing(rules)])),
    pairs,
    reference: new Map(pairs.map((pair) => [pair.symbol, reference?.(pair) ?? walkOf(pair, seed)])),
    clock,
    timers: {
      setTimer(delayMs, fire) {
        const timer = { atMs: nowMs + delayMs, fire };
        timers.add(timer);
        return { [Symbol.dispose]: () => timers.delete(timer) };
      },
    },
    random: createSeededRandom(seed),
  });
  floor.openAccount('stranger', { maker: '0.001', taker: '0.001' });
  for (const asset of new Set(pairs.flatMap(({ rules }) => [rules.base, rules.quote])))
    floor.deposit('stranger', asset, toUnits('1000000000000000', asset));

  const stage: TradersStage = {
    floor,
    traders,
    get events() {
      return events;
    },
    get pending() {
      return timers.size;
    },
    get fired() {
      return fired;
    },
    refused,
    get nowMs() {
      return nowMs;
    },
    pass(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        let due: { readonly atMs: number; readonly fire: () => void } | undefined;
        for (const timer of timers) if (due === undefined || timer.atMs < due.atMs) due = timer;
        if (due === undefined || due.atMs > endMs) break;
        timers.delete(due);
        nowMs = due.atMs;
        fired += 1;
        due.fire();
      }
      nowMs = endMs;
    },
    setClock(byMs) {
      offsetMs += byMs;
    },
    place(request) {
      strangers += 1;
      return floor.place({ id: `stranger ${strangers}`, account: 'stranger', kind: 'limit', ...request });
    },
    best: (symbol, side) => floor.engine.levels(symbol, side, 1)[0]?.priceTicks ?? Number.NaN,
    middle: (symbol) => (stage.best(symbol, 'buy') + stage.best(symbol, 'sell')) / 2,
  };
  floor.listen({
    event(event) {
      events += 1;
      hear?.(event);
    },
    ...(ended === undefined ? {} : { settle: () => () => ended(stage) }),
  });
  return stage;
}
