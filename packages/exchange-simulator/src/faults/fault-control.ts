import { type Clock, type Random, type Timers, VenueError } from '@venuekit/connector-core';
import type { Market } from '../market/market.ts';
import { shownValue } from '../shown-value.ts';
import type { TruthSink } from '../truth/truth-entry.ts';
import type { UserDirectory } from '../users/user-types.ts';
import { venueNowMs } from './clock-faults.ts';
import type { DepthFaults } from './depth-faults.ts';
import type { DialectFaults } from './dialect-faults.ts';
import { checkFault, type Fault, type FaultKind, faultKinds } from './fault.ts';
import { actionsOf, faultCatalogue, lastingSeconds } from './fault-catalogue.ts';
import { type ActiveFault, createFaultRegister, type FaultState } from './fault-register.ts';
import { type ForcedLimit, forcedLimit, wrapUsers } from './limit-faults.ts';
import { createMarketFaults } from './market-faults.ts';
import { createRequestFaults, type RequestFaults } from './request-faults.ts';
import { createStreamFaults, type StreamFaults } from './stream-faults.ts';
import type { VenueActions } from './venue-actions.ts';

/** The faults of a running simulator. */
export interface FaultControl extends DialectFaults {
  /** What strikes depth messages. */
  readonly depth: DepthFaults;
  /** What strikes streams and their messages. */
  readonly streams: StreamFaults;
  /** What strikes REST requests. */
  readonly requests: RequestFaults;
  /** True while new connections are refused. */
  readonly refusing: boolean;
  /** How often each kind took effect, as `stats.faults` counts it. */
  readonly fired: Readonly<Record<FaultKind, number>>;
  /** Faults that are planned or active, oldest first. */
  readonly states: readonly FaultState[];
  /** How long the engine takes for a request of a customer, in milliseconds. */
  engineDelayMs(): number;
  /** What the venue's clock shows, in milliseconds since the epoch. */
  nowMs(): number;
  /** The users of the venue, whose keys are what faults have left of them. */
  readonly users: UserDirectory;
  /** The same fault, if it makes sense here. @throws VenueError `invalid-options` if it does not. */
  check(fault: Fault): Fault;
  /**
   * Plans a fault; gives its number. One with `atSeconds` 0, or whose time is past, takes effect at once.
   * @throws VenueError `invalid-options` if it makes no sense.
   */
  inject(fault: Fault): number;
  /** Plans a fault by the market's clock, which starts with the first depth subscription: also one at 0 waits for that. */
  plan(fault: Fault): number;
  /** Ends a fault, or gives up one that is planned; false if there is none of that number any more. */
  end(id: number): boolean;
  /** Resets every request that hangs. */
  close(): void;
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
  /** Where orders and money are; `undefined` if nothing can be traded. */
  readonly venue?: VenueActions | undefined;
  /** Whose keys can be struck. */
  readonly users: UserDirectory;
  /** Counts messages that a mute has swallowed. */
  readonly counters?: { withheld: number };
}

/** Makes the control of faults; nothing is wrong yet. */
export function createFaultControl(targets: FaultTargets): FaultControl {
  const { market, clock, timers, random, dropAll, speed, truth, venue, users, counters } = targets;
  const fired = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  const register = createFaultRegister(faultCatalogue, clock);
  const requests = createRequestFaults({ clock, timers, register, strike });
  const faults = createMarketFaults({ market, random, register, dropAll, speed, strike });
  const withheld = (): void => {
    if (counters !== undefined) counters.withheld += 1;
  };
  const streams = createStreamFaults({ clock, timers, register, strike, withheld });

  const nowMs = (): number => venueNowMs(register, clock);

  function tell(fault: Fault, symbol: string | undefined): void {
    fired[fault.kind] += 1;
    truth?.({ kind: 'fault', fault, ...(symbol === undefined ? {} : { symbol }), timeMs: clock.now() });
  }

  function strike(active: ActiveFault, symbol: string | undefined, act: () => void): void {
    tell(active.fault, symbol);
    register.strike(active, act);
  }

  function begin(id: number): void {
    const active = register.begin(id);
    if (active === undefined) return;
    const { place, lasts } = faultCatalogue[active.fault.kind];
    if (place === 'market') faults.begin(active);
    else act(active);
    if (lasts === 'at-once') register.end(id);
    else endInTime(active);
  }

  /** What cannot be done was not struck, and is over. */
  function act(active: ActiveFault): void {
    const { fault, id } = active;
    const { begin: beginOn, trade } = actionsOf(fault.kind);
    const tellOnce = (): void => {
      if (faultCatalogue[fault.kind].countsEach !== true) tell(fault, fault.symbol);
    };
    if (trade === undefined) {
      tellOnce();
      beginOn?.({
        fault,
        market,
        streams: streams.select(fault),
        onEnd: (undo) => register.onEnd(active, undo),
      });
      return;
    }
    if (venue === undefined) {
      register.end(id);
      return;
    }
    try {
      const undo = trade({ fault, venue });
      if (undo !== undefined) register.onEnd(active, undo);
    } catch (error) {
      register.end(id);
      throw error;
    }
    tellOnce();
  }

  /** Of a recording, what belongs to the market ends by the recorded clock; everything else in real time. */
  function endInTime(active: ActiveFault): void {
    const { id, fault } = active;
    const { place } = faultCatalogue[fault.kind];
    const seconds = lastingSeconds(fault);
    if (seconds === undefined || fault.kind === 'slow-snapshot') return;
    const end = (): void => void register.end(id);
    if (market.isRecorded && place === 'market' && fault.kind !== 'refuse') {
      market.schedule(market.elapsedSeconds() + seconds, end);
      return;
    }
    const label = fault.kind === 'refuse' ? 'end of refusal' : 'end of fault';
    const timer = timers.setTimer((seconds * 1_000) / speed, end, label);
    register.onEnd(active, () => timer[Symbol.dispose]());
  }

  function schedule(fault: Fault): number {
    const id = register.plan(fault);
    market.schedule(fault.atSeconds, () => {
      try {
        begin(id);
      } catch (error) {
        // Nobody waits for this one any more, and the clock that calls has to go on.
        truth?.({
          kind: 'fault',
          fault,
          failure: error instanceof Error ? error.message : String(error),
          timeMs: clock.now(),
        });
      }
    });
    return id;
  }

  function check(fault: Fault): Fault {
    checkFault(fault);
    const { kind, symbol, account, asset, key } = fault;
    if (symbol !== undefined && !market.symbols.includes(symbol))
      throw unknown(kind, 'a symbol that has a market here', symbol);
    if (account !== undefined && venue?.accounts.includes(account) !== true)
      throw unknown(kind, `an account that trades here${listOf(venue?.accounts)}`, account);
    if (asset !== undefined && venue?.assets.includes(asset) !== true)
      throw unknown(kind, `an asset that is listed here${listOf(venue?.assets)}`, asset);
    if (key !== undefined && users.find(key) === undefined)
      throw unknown(kind, 'an API key of somebody who has an account here', key);
    return fault;
  }

  return {
    ...{ streams, requests, depth: faults.depth, fired, nowMs },
    users: wrapUsers(users, register, { now: nowMs }),
    get silent() {
      return faults.isActive('silence');
    },
    get refusing() {
      return faults.isActive('refuse');
    },
    get acknowledgesOnly() {
      return register.newest('full-engine') !== undefined;
    },
    get states() {
      return register.states;
    },
    mutes: (symbol, channel) => faults.isActive('mute', symbol, channel),
    strikesSubscription: (kind, symbol, channel) => faults.strikes(kind, symbol, channel),
    snapshotDelayMs: (symbol) => faults.snapshotDelayMs(symbol),
    losesSnapshot: (symbol) => faults.strikes('lost-snapshot', symbol),
    oldSnapshot: (symbol) => faults.oldSnapshot(symbol),
    engineDelayMs() {
      const slow = register.newest('slow-engine');
      return slow === undefined ? 0 : (slow.fault.seconds ?? 10) * 1_000;
    },
    forcedLimit: (address): ForcedLimit | undefined => forcedLimit(register, address, clock.monotonic()),
    check,
    inject(fault) {
      if (check(fault).atSeconds > market.elapsedSeconds()) return schedule(fault);
      const id = register.plan(fault);
      begin(id);
      return id;
    },
    plan: (fault) => schedule(check(fault)),
    end: (id) => register.end(id),
    close: () => requests.close(),
  };
}

/** Which there are, for messages. */
function listOf(names: readonly string[] = []): string {
  return names.length === 0 ? '' : ` (${names.join(', ')})`;
}

function unknown(kind: FaultKind, expected: string, got: string): VenueError {
  const message = `${kind}: expected ${expected}, got ${shownValue(got)}`;
  return new VenueError({ code: 'invalid-options', operation: 'fault', message });
}
