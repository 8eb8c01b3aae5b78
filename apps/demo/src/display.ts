import type { Timers } from '@venuekit/connector-core';
import type { ConsoleOutput } from './console-output.ts';
import type { EventLog } from './event-log.ts';
import { every } from './repeated-timer.ts';
import { LiveScreen } from './terminal/live-screen.ts';
import { eventLine, renderLiveView } from './terminal/live-view.ts';
import { progressLine } from './terminal/progress.ts';
import type { RunView } from './view-model.ts';

/** Shows a run while it goes on. */
export interface Display {
  /** Stops showing; what is drawn in place is removed. Doing it again does nothing. */
  close(): void;
}

const drawEveryMs = 200;
const progressEveryMs = 2_000;

/** A table that is redrawn in place. */
export function startLiveTable(view: () => RunView, output: ConsoleOutput, timers: Timers): Display {
  const screen = new LiveScreen(output.results);
  const draw = (): void => screen.draw(renderLiveView(view(), output.results.size(), output.palette));
  // However the process ends, the user gets the cursor back.
  const restore = (): void => screen.close();
  process.once('exit', restore);
  draw();
  const timer = every(timers, drawEveryMs, draw, 'demo-screen');
  return {
    close() {
      timer[Symbol.dispose]();
      process.off('exit', restore);
      screen.close();
    },
  };
}

/** Lines on stderr: one for the start, one for each event, and now and then how it is going. */
export function startProgress(
  view: () => RunView,
  log: EventLog,
  output: ConsoleOutput,
  timers: Timers,
): Display {
  const { remarkPalette } = output;
  const { venue, source } = view();
  output.remark(`${venue}, ${source}`);
  const tellEvents = (rest: boolean): void => {
    for (const event of log.take(rest)) {
      output.remark(eventLine(event, Number.POSITIVE_INFINITY, remarkPalette));
    }
  };
  let toldAtMs = 0;
  const tick = (): void => {
    tellEvents(false);
    const now = view();
    if (now.elapsedMs - toldAtMs < progressEveryMs) return;
    toldAtMs = now.elapsedMs;
    // The line counts what happened until now; that must stand above it.
    tellEvents(true);
    output.remark(progressLine(now));
  };
  const timer = every(timers, drawEveryMs, tick, 'demo-progress');
  return {
    close() {
      timer[Symbol.dispose]();
      tellEvents(true);
    },
  };
}
