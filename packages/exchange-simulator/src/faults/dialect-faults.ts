import type { BookImage, DepthEvent } from '../market/market.ts';
import type { DepthStrike } from './depth-faults.ts';
import type { FaultKind } from './fault-types.ts';
import type { LimitFaults } from './limit-faults.ts';

/** A fault that befalls a subscription; it counts once for each that it befalls. */
export type SubscriptionFaultKind = Extract<
  FaultKind,
  'lost-confirmation' | 'ignored-subscription' | 'refused-subscription'
>;

/** What a dialect has to ask for, because only it knows what the fault is about. Everything else goes wrong outside of it. */
export interface DialectFaults extends LimitFaults {
  /** What strikes depth messages. */
  readonly depth: {
    /**
     * What is to be sent in place of `event`.
     * @param joined true if it would go to a client that has been given the symbol's book on its connection.
     */
    strike(event: DepthEvent, joined: boolean): DepthStrike;
  };
  /** True while nothing may be sent. */
  readonly silent: boolean;
  /** True while the venue only acknowledges orders, whatever answer was asked for. */
  readonly acknowledgesOnly: boolean;
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
}
