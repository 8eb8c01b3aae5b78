import { listenForSignals } from './interruption.ts';
import { runProgram } from './program.ts';

const { interrupted, signal } = listenForSignals({
  process,
  tell: (text) => process.stderr.write(text),
  exit: (code) => process.exit(code),
});

try {
  process.exitCode = await runProgram(process.argv.slice(2), {
    output: process.stderr,
    print: (text) => process.stdout.write(text),
    nowMs: () => performance.now(),
    interrupted,
    signal,
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  // Not 1: that would say that a seed has failed.
  process.exitCode = 2;
}
