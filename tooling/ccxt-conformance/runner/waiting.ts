import { setTimeout as pause } from 'node:timers/promises';
import { Deviation } from './expectations.ts';

const pollMs = 20;

/**
 * Asks until the answer is not `undefined`.
 * @throws Deviation when `withinMs` have passed.
 */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  withinMs = 10_000,
): Promise<T> {
  for (const end = Date.now() + withinMs; ; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Deviation(`${what}: not within ${withinMs} ms`);
    await pause(pollMs);
  }
}

/**
 * Reads something through ccxt between two equal readings from elsewhere, so that both mean the same moment of a market that moves.
 * @throws Deviation if the market does not stand still for so long within ten seconds.
 */
export function between<R, C>(
  read: () => Promise<R>,
  readWithCcxt: () => Promise<C>,
): Promise<{ readonly raw: R; readonly ccxt: C }> {
  return eventually('the market stands still while it is read', async () => {
    const raw = await read();
    const ccxt = await readWithCcxt();
    return JSON.stringify(await read()) === JSON.stringify(raw) ? { raw, ccxt } : undefined;
  });
}

/**
 * Settles as `work` does.
 * @throws Deviation when `withinMs` have passed.
 */
export async function inTime<T>(what: string, work: Promise<T>, withinMs: number): Promise<T> {
  const canceler = new AbortController();
  const late = pause(withinMs, undefined, { signal: canceler.signal }).then(() => {
    throw new Deviation(`${what}: nothing within ${withinMs} ms`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    canceler.abort();
    late.catch(() => undefined);
  }
}
