import type { RestExchange } from './stage.ts';

/** Calls a method of ccxt that is known by name only. */
export async function callByName(
  exchange: RestExchange,
  name: string,
  args: readonly unknown[],
): Promise<unknown> {
  const methods = exchange as unknown as Record<string, (...given: readonly unknown[]) => unknown>;
  return methods[name]?.(...args);
}
