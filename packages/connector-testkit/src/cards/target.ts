import type { Capabilities, Connector, Pair, Runtime } from '@venuekit/connector-core';
import type { VirtualWorld } from '@venuekit/connector-kit/testing';
import type { Control } from './card.ts';

/** What stands behind a connector during one card. */
export interface TargetVenue {
  /** Breaks every connection of the client at once, and lets new ones through. */
  cut?(): void;
  /** Makes this many trades of the pair happen at once. */
  trade?(count: number): void;
  /** Ends it. */
  close?(): void;
}

/** What is to be proven. */
export interface Target<Venue extends TargetVenue = TargetVenue> {
  /** What it is called in the output. */
  readonly name: string;
  /** What the connector claims; the same record that it hands out. */
  readonly capabilities: Capabilities;
  /** A market that the venue lists, and that trades. */
  readonly pair: Pair;
  /** What `venue` can be told to do; a card that needs more is not run, and named. */
  readonly controls?: readonly Control[];
  /** Sets up the venue in a world, for example an exchange simulator behind the network; left out where the connector needs none. */
  readonly venue?: (world: VirtualWorld) => Venue;
  /** Makes a connector that is not connected, on the world's runtime and with that venue. */
  readonly create: (runtime: Runtime, venue: Venue) => Connector;
  /**
   * An identifier that the venue's pattern for callers' own ones allows. Needed only where the pattern is so strict that the cards
   * find none by themselves.
   */
  readonly clientOrderId?: string;
  /** Longest real time that one card may take, in milliseconds; 20,000 by default. */
  readonly cardTimeoutMs?: number;
}
