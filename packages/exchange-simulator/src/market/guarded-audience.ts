import type { Audience } from './market.ts';

/**
 * An audience that never throws, so that a mistake in one does not stop the market. What it cannot answer is `false`.
 * @param onFailure told what it threw.
 */
export function guardAudience(audience: Audience, onFailure?: (error: unknown) => void): Audience {
  const tell = (act: () => void): void => void attempt(act);
  const ask = (question: () => boolean): boolean => attempt(question) ?? false;

  function attempt<Result>(act: () => Result): Result | undefined {
    try {
      return act();
    } catch (error) {
      onFailure?.(error);
      return undefined;
    }
  }

  return {
    deliver: (event) => tell(() => audience.deliver(event)),
    leftOut: (symbol) => tell(() => audience.leftOut(symbol)),
    follows: (symbol) => ask(() => audience.follows(symbol)),
    wantsLevels: (symbol) => ask(() => audience.wantsLevels(symbol)),
    crowded: () => ask(() => audience.crowded()),
  };
}
