import { Deviation } from './expectations.ts';

/** Fails unless a call is refused with an error of a class of ccxt, and with all of these words in it. */
export async function refused(
  expected: abstract new (...args: never[]) => Error,
  call: () => Promise<unknown>,
  ...words: readonly string[]
): Promise<void> {
  const error = await call().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) throw new Deviation(`expected ${expected.name}, and it was accepted`);
  if (!(error instanceof expected)) {
    throw new Deviation(`expected ${expected.name}, got ${String(error).slice(0, 200)}`);
  }
  const missing = words.find((word) => !error.message.includes(word));
  if (missing !== undefined) throw new Deviation(`expected ${missing} in ${error.message.slice(0, 200)}`);
}
