import type { EventEmitter } from 'node:events';

/** How something reached the process that nobody had caught. */
export type UncaughtKind = 'unhandled rejection' | 'uncaught exception';

const events: readonly (readonly [string, UncaughtKind])[] = [
  ['unhandledRejection', 'unhandled rejection'],
  ['uncaughtException', 'uncaught exception'],
];

/**
 * Hears of everything that nobody catches, until it is disposed of. Other listeners, such as those of a test framework, hear
 * nothing meanwhile: they would end the process or fail a test that is about exactly this.
 */
export function watchFailures(report: (kind: UncaughtKind, error: unknown) => void): Disposable {
  const emitter: EventEmitter = process;
  const restores = events.map(([event, kind]) => {
    // Raw, so that listeners for one time stay such.
    const others = emitter.rawListeners(event) as (() => void)[];
    const listener = (error: unknown): void => report(kind, error);
    emitter.removeAllListeners(event).on(event, listener);
    return () => {
      emitter.off(event, listener);
      for (const other of others) emitter.on(event, other);
    };
  });
  return {
    [Symbol.dispose]() {
      for (const restore of restores.splice(0)) restore();
    },
  };
}
