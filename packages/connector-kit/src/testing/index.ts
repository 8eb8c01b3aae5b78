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
export { type AmbientGuardOptions, guardAmbient } from './virtual/ambient-guard-runtime.ts';
export type { Incarnation, IncarnationOptions, Leftovers } from './virtual/incarnation.ts';
export type { Direction, Refusal, ScriptedReply } from './virtual/link-faults.ts';
export type { LatencyRange } from './virtual/pipe.ts';
export {
  createKeyedRandom,
  createSeededTies,
  type SeedState,
  type TieBreak,
} from './virtual/seeded-number.ts';
export type { Trace } from './virtual/trace.ts';
export type { DiskFailure, VirtualDisk } from './virtual/virtual-disk.ts';
export type { VirtualLink } from './virtual/virtual-link.ts';
export type { VirtualNetwork } from './virtual/virtual-network.ts';
export type { CrashKind, CrashPoint, VirtualProcess } from './virtual/virtual-process.ts';
export type { VirtualServer, VirtualStream, VirtualStreamSink } from './virtual/virtual-server.ts';
export type { RunEnd, RunOptions, WorldFailure } from './virtual/virtual-time.ts';
export { createVirtualWorld, type VirtualWorld, type VirtualWorldOptions } from './virtual/virtual-world.ts';
