import type { Runtime } from '@venuekit/connector-core';
import { currentProcess, watchParents } from '@venuekit/tooling-launcher';
import type { StopSwitch } from './stop-switch.ts';

/** How long an orderly end may take once nobody is there any more to ask again. */
const orphanPatienceMs = 400;
/** One Ctrl-C reaches the program once from the terminal and perhaps again from npx or pnpm; that is not asking twice. */
const echoMs = 500;
/** Exit code of a program that a second Ctrl-C had to force. */
const forcedExitCode = 130;

/** Lets signals, a dead parent and a closed output stop the run, until it is disposed. */
export function installStops(stop: StopSwitch, { clock, timers }: Runtime): Disposable {
  const stops = new DisposableStack();
  let firstAtMs: number | undefined;
  const onSignal = (): void => {
    firstAtMs ??= clock.monotonic();
    if (clock.monotonic() - firstAtMs > echoMs) process.exit(forcedExitCode);
    stop.stop('interrupted');
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, onSignal);
    stops.defer(() => process.off(name, onSignal));
  }
  // Without a listener, a reader that went away (`demo | head -1`) would be a crash with a stack.
  const onOutputError = (): void => stop.stop('output-closed');
  process.stdout.on('error', onOutputError);
  process.stderr.on('error', onOutputError);
  stops.use(
    watchParents(currentProcess(), timers, () => {
      stop.stop('parent-gone');
      stops.use(timers.setTimer(orphanPatienceMs, () => process.exit(1), 'orphan'));
    }),
  );
  return stops;
}
