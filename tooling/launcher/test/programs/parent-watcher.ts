import { currentProcess, watchParents } from '../../index.ts';

/** Says `gone` when the process that it was started for is gone, `still here` when the time is up before. */
const [, , milliseconds = '0'] = process.argv;

function finish(text: string): void {
  process.stdout.write(`${text}\n`, () => process.exit(0));
}

function setTimer(delayMs: number, fire: () => void): Disposable {
  const timer = setTimeout(fire, delayMs);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

const looks = {
  setTimer: (delayMs: number, fire: () => void): Disposable => {
    process.stdout.write('looked\n');
    return setTimer(delayMs, fire);
  },
};
watchParents(currentProcess(), looks, () => finish('gone'));
setTimer(Number(milliseconds), () => finish('still here'));
process.stdout.write('ready\n');
