/**
 * For tests of connectors: time that passes only by hand, and sockets whose other end is the test.
 *
 * @packageDocumentation
 */
export {
  createManualRuntime,
  type ManualRuntime,
  type ManualRuntimeOptions,
  type ManualSocket,
  settle,
} from './manual-runtime.ts';
