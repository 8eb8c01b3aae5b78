import { createRecordingFile } from '../src/recording/index.ts';
import { createSystemRuntime } from '../src/runtime/index.ts';

/**
 * Writes lines into the file that its first argument names, a hundred every tenth of a second, and says how many there are; with a
 * second argument, one long line and ten short ones at once. It ends when it can write no more.
 */
const runtime = createSystemRuntime();
const file = createRecordingFile(process.argv[2] ?? '', {
  timers: runtime.timers,
  onFailure: ({ message }) => {
    process.stdout.write(`${message}\n`);
    void file.close().catch(() => process.exit());
  },
});
let lines = 0;

function add(count: number): void {
  for (const end = lines + count; lines < end; lines += 1)
    file.write(`${1_700_000_000 + lines}: {"n":"${'x'.repeat(lines % 7)}${lines ** 3}"}\n`);
}

function round(): void {
  add(100);
  process.stdout.write(`${lines}\n`);
  runtime.timers.setTimer(100, round, 'round');
}

if (process.argv[3] === undefined) round();
else {
  const numbers = Array.from({ length: 10_000 }, (_, at) => at ** 3);
  file.write(`1: [${numbers}]\n`);
  add(10);
  void file.close().catch(() => {});
}
