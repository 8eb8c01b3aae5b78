/**
 * The real world as a `Runtime`: clocks, timers, chance, HTTP and WebSockets of Node.
 *
 * @packageDocumentation
 */
export { createSystemRuntime, type SystemRuntimeOptions } from './system-runtime.ts';
