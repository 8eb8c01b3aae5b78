import type { DepthEvent } from '../market/market.ts';
import type { Fault, FaultKind } from './fault.ts';

/** A fault that strikes one depth message of every symbol. */
export type DepthFaultKind = Extract<FaultKind, 'gap' | 'duplicate' | 'reorder' | 'malformed'>;

/** A fault of depth messages. */
export type DepthFault = Fault & { readonly kind: DepthFaultKind };

/** A depth message on its way out. */
export interface DepthDelivery {
  readonly event: DepthEvent;
  /** True if the frame is to be cut in half. */
  readonly cut: boolean;
}

/** What becomes of a depth message. */
export interface DepthStrike {
  /** What is sent in its place now, in this order. */
  readonly deliveries: readonly DepthDelivery[];
  /** True if it is kept from everybody for good. */
  readonly lost: boolean;
}

/** Strikes depth messages. */
export interface DepthFaults {
  /**
   * From now on, one message of every symbol, or of the one that is named, is struck. Faults of one kind add up; disposing ends this one.
   */
  arm(fault: DepthFault): Disposable;
  /**
   * What is to be sent in place of `event`.
   * @param joined true if it would go to a client that has been given the symbol's book on its connection. Only such a client can
   * notice the fault; until there is one, the fault waits. It spares a symbol's last message: nothing after it would tell.
   */
  strike(event: DepthEvent, joined: boolean): DepthStrike;
}

interface ArmedFault {
  readonly fault: DepthFault;
  readonly struck: Set<string>;
}

/**
 * Makes the faults of the depth channels; none is armed.
 * @param onStrike is told each time that a message is struck.
 */
export function createDepthFaults(onStrike: (fault: DepthFault, symbol: string) => void): DepthFaults {
  const armed: ArmedFault[] = [];
  const held = new Map<string, DepthEvent>();
  return {
    arm(fault) {
      const one: ArmedFault = { fault, struck: new Set() };
      armed.push(one);
      return {
        [Symbol.dispose]: () => {
          const at = armed.indexOf(one);
          if (at >= 0) armed.splice(at, 1);
        },
      };
    },
    strike(event, joined) {
      const { symbol } = event;
      const late = held.get(symbol);
      if (late !== undefined) {
        held.delete(symbol);
        return sent(whole(event), whole(late));
      }
      const next = joined && !event.last ? armed.find((candidate) => awaits(candidate, symbol)) : undefined;
      if (next === undefined) return sent(whole(event));
      const { fault, struck } = next;
      struck.add(symbol);
      onStrike(fault, symbol);
      if (fault.kind === 'reorder') held.set(symbol, event);
      return struckForm(fault.kind, event);
    },
  };
}

function awaits({ fault, struck }: ArmedFault, symbol: string): boolean {
  return !struck.has(symbol) && (fault.symbol === undefined || fault.symbol === symbol);
}

function struckForm(kind: DepthFaultKind, event: DepthEvent): DepthStrike {
  switch (kind) {
    case 'gap':
      return { deliveries: [], lost: true };
    case 'reorder':
      return sent();
    case 'duplicate':
      return sent(whole(event), whole(event));
    case 'malformed':
      return sent({ event, cut: true });
  }
}

function sent(...deliveries: readonly DepthDelivery[]): DepthStrike {
  return { deliveries, lost: false };
}

function whole(event: DepthEvent): DepthDelivery {
  return { event, cut: false };
}
