import type { Random } from '@venuekit/connector-core';
import type { BookImage, Market } from '../market/market.ts';
import { drawInteger } from '../seeded-random.ts';
import { createDepthFaults, type DepthFault, type DepthFaults } from './depth-faults.ts';
import type { ActiveFault, FaultRegister } from './fault-register.ts';
import type { Fault, FaultKind } from './fault-types.ts';

/** What strikes the market, its subscriptions and its books. */
export interface MarketFaults {
  readonly depth: DepthFaults;
  /** A fault begins. */
  begin(active: ActiveFault): void;
  /** True if a lasting fault strikes now, which counts. */
  strikes(kind: FaultKind, symbol: string, channel?: string): boolean;
  /** True while a lasting fault is there. */
  isActive(kind: FaultKind, symbol?: string, channel?: string): boolean;
  /** How late the book of `symbol` is given, in milliseconds of real time. */
  snapshotDelayMs(symbol: string): number;
  /** The book that is given in place of the present one, which counts. */
  oldSnapshot(symbol: string): BookImage | undefined;
}

/** What the faults of a market need. */
export interface MarketSurroundings {
  readonly market: Market;
  readonly random: Random;
  readonly register: FaultRegister;
  readonly dropAll: () => void;
  readonly speed: number;
  /** Tells that a fault strikes, and counts it; `act` happens in between. */
  strike(active: ActiveFault, symbol: string | undefined, act: () => void): void;
}

const defaultSnapshotDelaySeconds = 2;

/** Makes the faults of a market; nothing is wrong yet. */
export function createMarketFaults(surroundings: MarketSurroundings): MarketFaults {
  return new Faults(surroundings);
}

class Faults implements MarketFaults {
  readonly depth: DepthFaults;
  readonly #surroundings: MarketSurroundings;
  readonly #armed = new Map<Fault, ActiveFault>();
  /** Books as they were when an `old-snapshot` began. */
  readonly #oldBooks = new WeakMap<ActiveFault, ReadonlyMap<string, BookImage>>();

  constructor(surroundings: MarketSurroundings) {
    this.#surroundings = surroundings;
    this.depth = createDepthFaults((fault, symbol) => this.#struckDepth(fault, symbol));
  }

  begin(active: ActiveFault): void {
    const { market, dropAll, strike } = this.#surroundings;
    const { fault } = active;
    switch (fault.kind) {
      case 'gap':
      case 'duplicate':
      case 'reorder':
      case 'malformed':
        this.#arm(active, { ...fault, kind: fault.kind });
        return;
      case 'drop':
        strike(active, fault.symbol, dropAll);
        return;
      case 'epoch':
        for (const symbol of this.#symbolsOf(fault)) strike(active, symbol, () => this.#restart(symbol));
        return;
      case 'old-snapshot':
        this.#oldBooks.set(active, imagesOf(market, this.#symbolsOf(fault)));
        return;
      case 'slow-snapshot':
        strike(active, fault.symbol, () => this.#cover(active));
        return;
      case 'mute':
      case 'refuse':
        strike(active, fault.symbol, () => {});
        return;
      case 'silence':
        // The market may be waiting for somebody who cannot hear it any more.
        strike(active, fault.symbol, () => market.reconsider());
        return;
      default:
    }
  }

  strikes(kind: FaultKind, symbol: string, channel?: string): boolean {
    const active = this.#find(kind, symbol, channel);
    if (active !== undefined) this.#surroundings.strike(active, symbol, () => {});
    return active !== undefined;
  }

  isActive(kind: FaultKind, symbol?: string, channel?: string): boolean {
    return this.#find(kind, symbol, channel) !== undefined;
  }

  snapshotDelayMs(symbol: string): number {
    const slow = this.#find('slow-snapshot', symbol);
    return slow === undefined ? 0 : (slowSeconds(slow.fault) * 1_000) / this.#surroundings.speed;
  }

  oldSnapshot(symbol: string): BookImage | undefined {
    const active = this.#find('old-snapshot', symbol);
    if (active === undefined) return undefined;
    this.#surroundings.strike(active, symbol, () => {});
    return this.#oldBooks.get(active)?.get(symbol);
  }

  #find(kind: FaultKind, symbol?: string, channel?: string): ActiveFault | undefined {
    return this.#surroundings.register.newest(
      kind,
      (fault) =>
        (fault.symbol === undefined || fault.symbol === symbol) &&
        (fault.channel === undefined || fault.channel === channel),
    );
  }

  #arm(active: ActiveFault, fault: DepthFault): void {
    const armed = this.depth.arm(fault);
    this.#armed.set(fault, active);
    this.#surroundings.register.onEnd(active, () => {
      this.#armed.delete(fault);
      armed[Symbol.dispose]();
    });
  }

  /** It is over when it has struck every symbol that it is meant for. */
  #struckDepth(fault: Fault, symbol: string): void {
    const active = this.#armed.get(fault);
    if (active === undefined) return;
    const { register, strike } = this.#surroundings;
    strike(active, symbol, () => {});
    if (active.strikes >= this.#symbolsOf(fault).length) register.end(active.id);
  }

  #symbolsOf({ symbol }: Fault): readonly string[] {
    return symbol === undefined ? this.#surroundings.market.symbols : [symbol];
  }

  /** Half of the restarts are near, so that the old numbers come again soon; the others are far. */
  #restart(symbol: string): void {
    const { random, market } = this.#surroundings;
    const draw = (below: number): number => drawInteger(random, `epoch ${symbol}`, below);
    market.restart(symbol, BigInt(draw(2) === 0 ? 2 + draw(49) : 1_000 + draw(1_000_000)));
  }

  /** The newest of a symbol holds: older ones that cannot hold again end, and so does one that delays nothing. */
  #cover(active: ActiveFault): void {
    const { register } = this.#surroundings;
    const { fault, id } = active;
    const others = register
      .at('market')
      .filter((other) => other !== active && other.fault.kind === fault.kind);
    const covered = others.filter(
      ({ fault: older }) => fault.symbol === undefined || fault.symbol === older.symbol,
    );
    for (const older of covered) register.end(older.id);
    if (slowSeconds(fault) === 0 && covered.length === others.length) register.end(id);
  }
}

function slowSeconds({ durationSeconds }: Fault): number {
  return durationSeconds ?? defaultSnapshotDelaySeconds;
}

function imagesOf(market: Market, symbols: readonly string[]): ReadonlyMap<string, BookImage> {
  const images = new Map<string, BookImage>();
  for (const symbol of symbols) {
    const book = market.book(symbol, Number.POSITIVE_INFINITY);
    if (book !== undefined) images.set(symbol, book);
  }
  return images;
}
