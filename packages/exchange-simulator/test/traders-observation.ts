import type { EngineEvent, EngineLevel } from '../src/engine/engine-types.ts';
import type { ReferencePrice } from '../src/traders/traders.ts';
import { type PairProfile, selectPairs } from '../src/world/world-pairs.ts';
import { createTradersStage, stageStartMs, type TradersStage, walkOf } from './traders-stage.ts';

/** What was seen of a pair. */
export interface PairView {
  readonly pair: PairProfile;
  /** Moments between two operations, with a side that had nothing, and with a bid as high as an ask. */
  emptySides: number;
  crossed: number;
  /** Least that stood within 0.2 % of the best price of a side, in lots. */
  leastNearLots: number;
  /** Largest change of the middle within a second, and largest distance from the reference at the end of one; fractions. */
  mostMove: number;
  mostAway: number;
  /** Of a side, at any moment. */
  mostLevels: number;
  leastLevels: number;
  /** At the end of each second. */
  readonly levels: number[];
  readonly spreads: number[];
  /** Milliseconds between two changes of the book. */
  readonly gaps: number[];
  readonly tradeLots: number[];
  /** Operations that traded at three prices or more. */
  sweeps: number;
  ended: number;
  canceled: number;
}

/** What was seen of a world, and its stage as it was then left. */
export interface WorldView {
  readonly stage: TradersStage;
  readonly pairs: ReadonlyMap<string, PairView>;
}

const views = new Map<string, WorldView>();

/** Lets a world trade, and looks at it between any two operations. The same question is answered from memory. */
export function observeWorld(seed: number, seconds: number, pairCount: number = 8): WorldView {
  const key = `${seed} ${seconds} ${pairCount}`;
  const view = views.get(key) ?? observe(seed, seconds, selectPairs(pairCount));
  views.set(key, view);
  return view;
}

/** As {@link observeWorld}, with other pairs, and anew each time. */
export function observe(seed: number, seconds: number, pairs: readonly PairProfile[]): WorldView {
  const references = new Map(pairs.map((pair) => [pair.symbol, walkOf(pair, seed)]));
  const watches = new Map(
    pairs.map((pair) => [pair.symbol, new PairWatch(pair, references.get(pair.symbol))]),
  );
  const touched = new Set<PairWatch>();
  const stage = createTradersStage({
    seed,
    pairs,
    reference: ({ symbol }) => references.get(symbol) ?? { priceAt: () => Number.NaN },
    hear(event) {
      const watch = event.kind === 'balance' ? undefined : watches.get(symbolOf(event));
      watch?.hear(event);
      if (watch !== undefined && event.kind === 'level') touched.add(watch);
    },
    ended(current) {
      for (const watch of touched) watch.look(current);
      touched.clear();
    },
  });
  stage.traders.open();
  for (const watch of watches.values()) watch.begin();
  stage.traders.start();
  for (let second = 0; second < seconds; second += 1) {
    stage.pass(1_000);
    for (const watch of watches.values()) watch.sample(stage);
  }
  stage.traders.close();
  return { stage, pairs: new Map([...watches].map(([symbol, { view }]) => [symbol, view])) };
}

function symbolOf(event: Exclude<EngineEvent, { kind: 'balance' }>): string {
  return event.kind === 'order' ? event.order.symbol : event.symbol;
}

class PairWatch {
  readonly view: PairView;
  readonly #reference: ReferencePrice | undefined;
  #begun = false;
  #changedAtMs = stageStartMs;
  #middles: (readonly [atMs: number, middle: number])[] = [];
  /** Of the operation that is going on. */
  readonly #tradePrices = new Set<number>();

  constructor(pair: PairProfile, reference: ReferencePrice | undefined) {
    this.#reference = reference;
    this.view = {
      ...{
        pair,
        emptySides: 0,
        crossed: 0,
        leastNearLots: Number.POSITIVE_INFINITY,
        mostMove: 0,
        mostAway: 0,
      },
      ...{ mostLevels: 0, leastLevels: Number.POSITIVE_INFINITY, levels: [], spreads: [], gaps: [] },
      ...{ tradeLots: [], sweeps: 0, ended: 0, canceled: 0 },
    };
  }

  begin(): void {
    this.#begun = true;
  }

  hear(event: EngineEvent): void {
    if (event.kind === 'order' && event.order.status !== 'open') {
      this.view.ended += 1;
      if (event.order.status === 'canceled') this.view.canceled += 1;
    }
    if (event.kind === 'trade') {
      this.view.tradeLots.push(event.sizeLots);
      this.#tradePrices.add(event.priceTicks);
    }
    if (event.kind === 'level' && event.atMs > this.#changedAtMs) {
      this.view.gaps.push(event.atMs - this.#changedAtMs);
      this.#changedAtMs = event.atMs;
    }
  }

  look({ floor, nowMs }: TradersStage): void {
    if (this.#tradePrices.size > 2) this.view.sweeps += 1;
    this.#tradePrices.clear();
    if (!this.#begun) return;
    const { symbol } = this.view.pair;
    const sides = [floor.engine.levels(symbol, 'buy'), floor.engine.levels(symbol, 'sell')];
    const [bid, ask] = sides.map(([best]) => best?.priceTicks);
    if (bid === undefined || ask === undefined) {
      this.view.emptySides += 1;
      return;
    }
    if (bid >= ask) this.view.crossed += 1;
    for (const side of sides) {
      this.view.leastNearLots = Math.min(this.view.leastNearLots, lotsNear(side));
      this.view.leastLevels = Math.min(this.view.leastLevels, side.length);
      this.view.mostLevels = Math.max(this.view.mostLevels, side.length);
    }
    this.#move((bid + ask) / 2, nowMs);
  }

  sample(stage: TradersStage): void {
    const { symbol } = this.view.pair;
    const away =
      stage.middle(symbol) /
        (this.#reference?.priceAt(stage.nowMs, stage.nowMs - stageStartMs) ?? Number.NaN) -
      1;
    this.view.mostAway = Math.max(this.view.mostAway, Math.abs(away));
    this.view.spreads.push(stage.best(symbol, 'sell') - stage.best(symbol, 'buy'));
    this.view.levels.push(stage.floor.engine.levels(symbol, 'buy').length);
  }

  /** Compares with all middles of the last second, and with the one that held when it began. */
  #move(middle: number, nowMs: number): void {
    while ((this.#middles[1]?.[0] ?? nowMs) <= nowMs - 1_000) this.#middles.shift();
    for (const [, earlier] of this.#middles)
      this.view.mostMove = Math.max(this.view.mostMove, Math.abs(middle / earlier - 1));
    this.#middles.push([nowMs, middle]);
  }
}

/** Lots within 0.2 % of the best price. */
function lotsNear(levels: readonly EngineLevel[]): number {
  const best = levels[0]?.priceTicks ?? 0;
  let lots = 0;
  for (const { priceTicks, sizeLots } of levels) {
    if (Math.abs(priceTicks - best) > 0.002 * best) break;
    lots += sizeLots;
  }
  return lots;
}
