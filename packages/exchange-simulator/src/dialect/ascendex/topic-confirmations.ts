import { settled } from '../../market/market.ts';

/** Confirms what was asked for in one message, when the market wants it: each part at its time, or all of them with the last. */
export interface TopicConfirmations {
  /** Waits until one part is to be confirmed. Disposing gives it up. */
  await(name: string, begin: (confirm: () => void) => Disposable): Disposable;
  /** Every part is waited for now. */
  complete(): void;
}

/**
 * Makes the confirmations of one message.
 * @param together whether there is only one for all.
 * @param lost tells whether the confirmation of a part is lost on its way, which counts.
 * @param push sends a confirmation of these parts.
 */
export function createTopicConfirmations(
  together: boolean,
  lost: (name: string) => boolean,
  push: (names: readonly string[]) => void,
): TopicConfirmations {
  const confirmed: string[] = [];
  let waiting = 0;
  let complete = !together;

  function settle(): void {
    if (!complete || waiting > 0 || confirmed.length === 0) return;
    push(confirmed.splice(0));
  }

  function confirmOne(name: string): void {
    if (lost(name)) return;
    if (together) confirmed.push(name);
    else push([name]);
  }

  return {
    await(name, begin) {
      let open = true;
      waiting += 1;
      const end = (isConfirmed: boolean): void => {
        if (!open) return;
        open = false;
        waiting -= 1;
        if (isConfirmed) confirmOne(name);
        settle();
      };
      const pending = begin(() => end(true));
      if (pending === settled) return settled;
      return {
        [Symbol.dispose]: () => {
          pending[Symbol.dispose]();
          end(false);
        },
      };
    },
    complete() {
      complete = true;
      settle();
    },
  };
}
