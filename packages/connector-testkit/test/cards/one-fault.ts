import { type Connector, isVenueError, VenueError, type VenueErrorCode } from '@venuekit/connector-core';
import type { BrokenConnector, Spot } from './broken-connector.ts';

/** One fault on one line: the card that finds it, what it is, how it is made, and which other cards find it too. */
export function fault(
  card: string,
  about: string,
  break_: BrokenConnector['break'],
  ...also: readonly string[]
): BrokenConnector {
  return { card, about, break: break_, also };
}

/** A method that refuses as it should, but with something else in its error. Without a code, every refusal is changed. */
export function refusing<T extends object, K extends keyof T>(
  object: T,
  name: K,
  change: Partial<Pick<VenueError, 'outcome' | 'message' | 'code'>>,
  code?: VenueErrorCode,
): Partial<T> {
  return failing(object, name, (error) => {
    if (!isVenueError(error) || (code !== undefined && error.code !== code)) return error;
    const { clientOrderId, message, outcome } = error;
    return new VenueError({ ...{ code: error.code, message, outcome, clientOrderId }, ...change } as never);
  });
}

/** A method that fails as it should, but with another error. */
export function failing<T extends object, K extends keyof T>(
  object: T,
  name: K,
  change: (error: unknown) => unknown,
): Partial<T> {
  const method = object[name] as (...values: unknown[]) => unknown;
  const fail = (error: unknown): never => {
    throw change(error);
  };
  const changed = (...values: unknown[]): unknown => {
    try {
      const answer = method.apply(object, values);
      return answer instanceof Promise ? answer.catch(fail) : answer;
    } catch (error) {
      return fail(error);
    }
  };
  return { [name]: changed } as unknown as Partial<T>;
}

/** The code in the place of the one that the contract names. */
export const otherCode = { code: 'protocol' } as const;

/** Says of itself that it is in another state. */
export function statingFor(state: Connector['state'], instead: Connector['state']): BrokenConnector['break'] {
  return (connector) =>
    Object.create(connector, {
      state: { get: () => (connector.state === state ? instead : connector.state) },
    }) as Spot;
}

/** Changes what a listener hears at once, and leaves the rest as it is. */
export function opening<E>(
  feed: {
    subscribe(listener: (event: E) => void, options?: never): Disposable;
  },
  change: (event: E) => E,
): { subscribe(listener: (event: E) => void, options?: never): Disposable } {
  return {
    subscribe: (listener, options) => {
      let isOpening = true;
      const listening = feed.subscribe((event) => listener(isOpening ? change(event) : event), options);
      isOpening = false;
      return listening;
    },
  };
}
