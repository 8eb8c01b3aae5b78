/**
 * A TCP proxy that does to real sockets what networks do: delays, cuts, resets, silence.
 *
 * @packageDocumentation
 */
export { type ChaosProxy, type ChaosProxyOptions, type ChaosStats, startChaosProxy } from './chaos-proxy.ts';
export type { Toxic, ToxicDirection } from './toxic.ts';
