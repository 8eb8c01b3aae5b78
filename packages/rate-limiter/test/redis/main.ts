import { parseArgs } from 'node:util';
import { runShared } from './processes.ts';
import { reportOf } from './processes-report.ts';

// The long form of the test beside it: four processes on one shared limit, counted at the server that they call.
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    processes: { type: 'string', default: '4' },
    kill: { type: 'boolean', default: false },
  },
});
const [seconds, processes] = [Number(values.seconds), Number(values.processes)];
const killAfterMs = (seconds * 1_000) / 2;
const run = await runShared({
  processes,
  seconds,
  ...(values.kill ? { killAfterMs } : {}),
  onProgress: (elapsedMs, seen) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${Math.round(elapsedMs / 1_000)} s, ${seen} requests `);
  },
});
console.log(JSON.stringify({ whole: reportOf(run, processes) }, undefined, 2));
if (values.kill) {
  const [before, after] = [
    reportOf(run, processes, 0, killAfterMs),
    reportOf(run, processes, killAfterMs + 2_000),
  ];
  console.log(JSON.stringify({ before, after }, undefined, 2));
}
