import type { StreamState, StreamStateChange } from './stream-options.ts';

/**
 * The state of several sessions as one.
 * @param begun they come up by themselves: one that has not dialled yet is about to.
 */
export function wholeState(states: readonly StreamState[], begun: boolean): StreamState {
  if (states.includes('down')) return 'down';
  if (states.every((state) => state === 'live')) return 'live';
  return !begun && states.every((state) => state === 'idle') ? 'idle' : 'connecting';
}

/** What several sessions told of themselves, as one: of those that are down, one that has given up speaks first. */
export function wholeChange(changes: readonly StreamStateChange[], begun: boolean): StreamStateChange {
  const state = wholeState(
    changes.map((change) => change.state),
    begun,
  );
  const concerned = changes.filter((change) => change.state === state);
  return concerned.find(({ error }) => error !== undefined) ?? concerned[0] ?? { state, reason: undefined };
}
