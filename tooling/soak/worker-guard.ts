import { Worker } from 'node:worker_threads';

/**
 * Loaded with `--import` before everything else of a worker: ties its life to that of the lane. A key press that interrupts the
 * lane reaches its workers as well, but the lane decides when they stop. When the lane is gone, however it went, so are they: a
 * thread of its own looks for that, since a busy or hanging seed leaves nothing else in this process to do it.
 */
const watch = `
const { workerData: lane } = require('node:worker_threads');
setInterval(() => {
  if (process.ppid !== lane) process.kill(process.pid, 'SIGKILL');
}, 500);
`;

process.on('SIGINT', () => undefined);
new Worker(watch, { eval: true, execArgv: [], workerData: process.ppid }).unref();
