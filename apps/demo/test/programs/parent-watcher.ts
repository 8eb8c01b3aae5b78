import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import { currentProcess, watchParents } from '../../src/parent-watch.ts';

/** Says `gone` when the process that it was started for is gone, `still here` when the time is up before. */
const [, , milliseconds = '0'] = process.argv;
const { timers } = createSystemRuntime();

function finish(text: string): void {
  process.stdout.write(`${text}\n`, () => process.exit(0));
}

const looks = {
  setTimer: (delayMs: number, fire: () => void, label: string): Disposable => {
    process.stdout.write('looked\n');
    return timers.setTimer(delayMs, fire, label);
  },
};
watchParents(currentProcess(), looks, () => finish('gone'));
timers.setTimer(Number(milliseconds), () => finish('still here'), 'end');
process.stdout.write('ready\n');
