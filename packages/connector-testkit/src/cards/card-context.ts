import assert from 'node:assert/strict';
import {
  type Capabilities,
  type Connector,
  isVenueError,
  type MarketData,
  type OrderType,
  type Pair,
  type Trading,
  type VenueError,
  type VenueErrorCode,
} from '@venuekit/connector-core';
import { createVirtualWorld, type Incarnation, type VirtualWorld } from '@venuekit/connector-kit/testing';
import { CardClock } from './card-clock.ts';
import { sampleClientOrderId } from './client-order-id.ts';
import type { Target, TargetVenue } from './target.ts';

/** A fresh connector in a world of its own, and the ways in which a card waits and looks. */
export interface CardContext {
  readonly world: VirtualWorld;
  readonly venue: TargetVenue;
  readonly connector: Connector;
  readonly pair: Pair;
  /** What the target claims. */
  readonly capabilities: Capabilities;
  /** An own identifier for an order, as the connector's capabilities want it. */
  readonly clientOrderId: string;
  /** The market-data facet. */
  readonly marketData: MarketData;
  /** The trading facet. Types of orders are checked by the capabilities. */
  readonly trading: Trading<OrderType>;
  /** What the connector has not given back: timers, sockets, requests. */
  readonly left: Incarnation['left'];
  /** Lets the world go on until the promise settles, two virtual minutes at most. */
  settled<T>(promise: Promise<T>): Promise<T>;
  /** Lets the world go on until it is so, two virtual minutes at most. */
  until(what: string, isSo: () => boolean): Promise<void>;
  /** Lets virtual time pass. */
  pass(ms: number): Promise<void>;
  /** Connects. */
  connect(): Promise<void>;
  /** Waits for a rejection with a typed error of that code, or of one of them, and gives it. */
  refused(code: VenueErrorCode | readonly VenueErrorCode[], promise: Promise<unknown>): Promise<VenueError>;
  /** As `refused`, of a call that throws. */
  refusedCall(code: VenueErrorCode, call: () => unknown): Promise<VenueError>;
}

/** Makes the context of one card. `seed` decides everything that is random. */
export function createCardContext<Venue extends TargetVenue>(
  target: Target<Venue>,
  seed: string,
): CardContext {
  const world = createVirtualWorld({ seed });
  const venue = target.venue?.(world) ?? ({} as Venue);
  const incarnation = world.process('client').start();
  const connector = target.create(incarnation.runtime, venue);
  const facets = connector as Connector & { marketData?: MarketData; trading?: Trading<OrderType> };

  const clock = new CardClock(world);
  return {
    ...{ world, venue, connector, pair: target.pair, capabilities: target.capabilities },
    until: (what, isSo) => clock.until(what, isSo),
    settled: (promise) => clock.settled(promise),
    get marketData() {
      return present(facets.marketData, 'marketData');
    },
    get trading() {
      return present(facets.trading, 'trading');
    },
    get clientOrderId() {
      return target.clientOrderId ?? sampleClientOrderId(target.capabilities);
    },
    get left() {
      return incarnation.left;
    },
    pass: (ms) => clock.pass(ms),
    connect: () => clock.settled(connector.connect()),
    refused: (code, promise) => clock.settled(refusal(code, promise)),
    refusedCall: (code, call) => clock.settled(refusal(code, Promise.resolve().then(call))),
  };
}

function present<T>(facet: T | undefined, name: string): T {
  assert.ok(
    facet !== undefined,
    `expected a connector with the facet ${name}, as it claims, got one without`,
  );
  return facet;
}

async function refusal(
  code: VenueErrorCode | readonly VenueErrorCode[],
  promise: Promise<unknown>,
): Promise<VenueError> {
  const codes = [code].flat();
  const wanted = codes.join(' or ');
  const outcome = await promise.then(
    () => ({ error: undefined }),
    (error: unknown) => ({ error }),
  );
  const { error } = outcome;
  assert.ok(error !== undefined, `expected a rejection with code ${wanted}, got a result`);
  assert.ok(isVenueError(error), `expected a VenueError with code ${wanted}, got ${String(error)}`);
  assert.ok(codes.includes(error.code), `expected code ${wanted}, got ${error.code}: ${error.message}`);
  return error;
}
