import { type Clock, type Random, type Timers, VenueError } from '@venuekit/connector-core';
import type { BookImage, Market } from '../market/market.ts';
import { drawInteger } from '../seeded-random.ts';
import type { TruthSink } from '../truth/truth-entry.ts';
import { createDepthFaults, type DepthFaults } from './depth-faults.ts';
import { checkFault, type Fault, type FaultKind, faultKinds } from './fault.ts';
import { createLastingFaults } from './lasting-faults.ts';

/** A fault that befalls a subscription; it counts once for each that it befalls. */
export type SubscriptionFaultKind = Extract<
  FaultKind,
  'lost-confirmation' | 'ignored-subscription' | 'refused-subscription'
>;

/** The faults of a running simulator. */
export interface FaultControl {
  /** What strikes depth messages. */
  readonly depth: DepthFaults;
  /** True while nothing may be sent. */
  readonly silent: boolean;
  /** True while new connections are refused. */
  readonly refusing: boolean;
  /** How often each kind took effect, as `stats.faults` counts it. */
  readonly fired: Readonly<Record<FaultKind, number>>;
  /** True while nothing is published on a channel of a symbol. */
  mutes(symbol: string, channel: string): boolean;
  /** True if a subscription is struck, which counts. */
  strikesSubscription(kind: SubscriptionFaultKind, symbol: string, channel: string): boolean;
  /** How late the book of `symbol` is given, in milliseconds of real time. */
  snapshotDelayMs(symbol: string): number;
  /** True if the book of `symbol` is never given, which counts. */
  losesSnapshot(symbol: string): boolean;
  /** The book that is given in place of the present one, which counts; `undefined` if the present one is to be given. */
  oldSnapshot(symbol: string): BookImage | undefined;
  /**
   * Plans a fault. One with `atSeconds` 0, or whose time is past, takes effect at once.
   * @throws VenueError `invalid-options` if it makes no sense.
   */
  inject(fault: Fault): void;
  /** Plans a fault by the market's clock, which starts with the first depth subscription: also one at 0 waits for that. */
  plan(fault: Fault): void;
}

/** What faults act on. */
export interface FaultTargets {
  readonly market: Market;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Decides how far a sequence goes back. */
  readonly random: Random;
  /** Cuts every connection. */
  readonly dropAll: () => void;
  /** Divides durations that are spent in real time: the speed of a replay, else 1. */
  readonly speed: number;
  /** Told of every effect. */
  readonly truth?: TruthSink | undefined;
}

const defaultSnapshotDelaySeconds = 2;

/** Makes the control of faults; nothing is wrong yet. */
export function createFaultControl(targets: FaultTargets): FaultControl {
  const { market, clock, timers, random, dropAll, speed, truth } = targets;
  const fired = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  const depth = createDepthFaults(strike);
  const lasting = createLastingFaults(market);
  const snapshotDelays = new Map<string, number>();
  let refusals = 0;

  function strike(fault: Fault, symbol?: string): void {
    fired[fault.kind] += 1;
    truth?.({ kind: 'fault', fault, ...(symbol === undefined ? {} : { symbol }), timeMs: clock.now() });
  }

  /** The lasting fault that strikes now, which counts. */
  function strikeLasting(kind: FaultKind, symbol: string, channel?: string): ReturnType<typeof lasting.find> {
    const found = lasting.find(kind, symbol, channel);
    if (found !== undefined) strike(found.fault, symbol);
    return found;
  }

  function refuse(durationSeconds: number | undefined): void {
    refusals += 1;
    if (durationSeconds === undefined) return;
    const end = (): void => {
      refusals -= 1;
    };
    timers.setTimer((durationSeconds * 1_000) / speed, end, 'end of refusal');
  }

  function symbolsOf({ symbol }: Fault): readonly string[] {
    return symbol === undefined ? market.symbols : [symbol];
  }

  /** Half of the restarts are near, so that the old numbers come again soon; the others are far. */
  function restart(symbol: string): void {
    const draw = (below: number): number => drawInteger(random, `epoch ${symbol}`, below);
    market.restart(symbol, BigInt(draw(2) === 0 ? 2 + draw(49) : 1_000 + draw(1_000_000)));
  }

  function apply(fault: Fault): void {
    switch (fault.kind) {
      case 'gap':
      case 'duplicate':
      case 'reorder':
      case 'malformed':
        depth.arm({ ...fault, kind: fault.kind });
        return;
      case 'epoch':
        for (const symbol of symbolsOf(fault)) {
          strike(fault, symbol);
          restart(symbol);
        }
        return;
      case 'old-snapshot':
        lasting.begin(fault, imagesOf(market, symbolsOf(fault)));
        return;
      case 'lost-snapshot':
      case 'lost-confirmation':
      case 'ignored-subscription':
      case 'refused-subscription':
        lasting.begin(fault);
        return;
      default:
        strike(fault, fault.symbol);
        begin(fault);
    }
  }

  function begin(fault: Fault): void {
    const { kind, durationSeconds } = fault;
    if (kind === 'drop') dropAll();
    if (kind === 'refuse') refuse(durationSeconds);
    if (kind === 'mute' || kind === 'silence') lasting.begin(fault);
    // The market may be waiting for somebody who cannot hear it any more.
    if (kind === 'silence') market.reconsider();
    if (kind !== 'slow-snapshot') return;
    const delayMs = ((durationSeconds ?? defaultSnapshotDelaySeconds) * 1_000) / speed;
    for (const symbol of symbolsOf(fault)) snapshotDelays.set(symbol, delayMs);
  }

  function check(fault: Fault): Fault {
    checkFault(fault);
    if (fault.symbol === undefined || market.symbols.includes(fault.symbol)) return fault;
    throw unknownSymbol(fault.kind, fault.symbol);
  }

  return {
    depth,
    get silent() {
      return lasting.find('silence') !== undefined;
    },
    get refusing() {
      return refusals > 0;
    },
    fired,
    mutes: (symbol, channel) => lasting.find('mute', symbol, channel) !== undefined,
    strikesSubscription: (kind, symbol, channel) => strikeLasting(kind, symbol, channel) !== undefined,
    snapshotDelayMs: (symbol) => snapshotDelays.get(symbol) ?? 0,
    losesSnapshot: (symbol) => strikeLasting('lost-snapshot', symbol) !== undefined,
    oldSnapshot: (symbol) => strikeLasting('old-snapshot', symbol)?.books.get(symbol),
    inject(fault) {
      const { atSeconds } = check(fault);
      if (atSeconds <= market.elapsedSeconds()) apply(fault);
      else market.schedule(atSeconds, () => apply(fault));
    },
    plan(fault) {
      const { atSeconds } = check(fault);
      market.schedule(atSeconds, () => apply(fault));
    },
  };
}

function imagesOf(market: Market, symbols: readonly string[]): ReadonlyMap<string, BookImage> {
  const images = new Map<string, BookImage>();
  for (const symbol of symbols) {
    const book = market.book(symbol, Number.POSITIVE_INFINITY);
    if (book !== undefined) images.set(symbol, book);
  }
  return images;
}

function unknownSymbol(kind: FaultKind, symbol: string): VenueError {
  return new VenueError({
    code: 'invalid-options',
    operation: 'fault',
    message: `${kind}: expected a symbol that has a market here, got "${symbol}"`,
  });
}
