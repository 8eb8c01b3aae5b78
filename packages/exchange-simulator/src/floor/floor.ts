import { VenueError } from '@venuekit/connector-core';
import type {
  CancelRefusalCode,
  EngineEvent,
  EngineOrder,
  FeeRates,
  MoneyUnits,
  OrderRequest,
  TradingStatus,
} from '../engine/engine-types.ts';
import type { MatchingEngine, Placement } from '../engine/matching-engine.ts';

/** Hears what happens on a floor. */
export interface FloorListener {
  /** One event, at once: in the middle of an operation, which the listener must leave alone. Whoever is not of this house hears later. */
  event?(event: EngineEvent): void;
  /**
   * An operation is over: the listener takes it in, and gives what it tells others of it. That is done when everybody has taken it in. Others
   * may cause operations, each of which is done at once; what is told of it comes behind all that is to be told already.
   */
  settle?(atMs: number): (() => void) | undefined;
}

/** What can be read of an engine. */
export type EngineView = Pick<
  MatchingEngine,
  'symbols' | 'check' | 'status' | 'order' | 'orders' | 'levels' | 'last' | 'balance' | 'balances' | 'ledger'
>;

/**
 * Where everybody trades: an engine that many listen to, and a clock.
 *
 * What changes something throws `invalid-request` while an event is being told: half an operation is nothing to trade on.
 */
export interface Floor {
  readonly engine: EngineView;
  /** Tells `listener` of everything from now on; listeners are told in the order of their coming. */
  listen(listener: FloorListener): void;
  /** Opens an account. @throws VenueError `invalid-options` if it is there already, or for fees above what instruments reserve. */
  openAccount(account: string, fees?: FeeRates): void;
  place(request: OrderRequest): Placement;
  cancel(id: string): CancelRefusalCode | undefined;
  cancelAll(account: string, symbol?: string): readonly EngineOrder[];
  deposit(account: string, asset: string, units: MoneyUnits): void;
  /** False if not so much is available; then nothing was changed. */
  withdraw(account: string, asset: string, units: MoneyUnits): boolean;
  /** Moves money between two accounts; false if not so much is available. */
  transfer(from: string, to: string, asset: string, units: MoneyUnits): boolean;
  setStatus(symbol: string, status: TradingStatus): void;
  /** An operation that does nothing: what listeners have to tell of their own goes in turn with everything else. */
  pass(): void;
}

/**
 * Makes the floor of an engine.
 * @param makeEngine is called once with the listener that the engine must tell.
 */
export function createFloor(
  makeEngine: (onEvent: (event: EngineEvent) => void) => MatchingEngine,
  clock: { now(): number },
): Floor {
  const hearing: ((event: EngineEvent) => void)[] = [];
  const settling: ((atMs: number) => (() => void) | undefined)[] = [];
  /** What is to be told, the oldest first. */
  const news: (() => void)[] = [];
  let isActing = false;
  let isTelling = false;
  const engine = makeEngine((event) => {
    for (const hear of hearing) hear(event);
  });

  function act<Result>(operation: (atMs: number) => Result): Result {
    if (isActing) throw withinAnother();
    const atMs = clock.now();
    isActing = true;
    try {
      return operation(atMs);
    } finally {
      isActing = false;
      for (const settle of settling) {
        const tell = settle(atMs);
        if (tell !== undefined) news.push(tell);
      }
      tellAll();
    }
  }

  function tellAll(): void {
    if (isTelling) return;
    isTelling = true;
    try {
      for (let tell = news.shift(); tell !== undefined; tell = news.shift()) tell();
    } finally {
      isTelling = false;
    }
  }

  return {
    engine,
    listen(listener) {
      if (listener.event !== undefined) hearing.push(listener.event.bind(listener));
      if (listener.settle !== undefined) settling.push(listener.settle.bind(listener));
    },
    openAccount: (account, fees) => engine.openAccount(account, fees),
    place: (request) => act((atMs) => engine.place(request, atMs)),
    cancel: (id) => act((atMs) => engine.cancel(id, atMs)),
    cancelAll: (account, symbol) => act((atMs) => engine.cancelAll(account, atMs, symbol)),
    deposit: (account, asset, units) => act((atMs) => engine.deposit(account, asset, units, atMs)),
    withdraw: (account, asset, units) => act((atMs) => engine.withdraw(account, asset, units, atMs)),
    transfer: (from, to, asset, units) => act((atMs) => engine.transfer(from, to, asset, units, atMs)),
    setStatus: (symbol, status) => act(() => engine.setStatus(symbol, status)),
    pass: () => act(() => undefined),
  };
}

function withinAnother(): VenueError {
  return new VenueError({
    code: 'invalid-request',
    operation: 'floor',
    message: 'expected an operation to begin when the one before is over, got one within an event',
  });
}
