/**
 * An exchange in a process: plays recorded sessions or a synthetic market over real sockets, speaks AscendEX, and breaks on demand.
 *
 * @packageDocumentation
 */
export { type Fault, type FaultKind, faultKinds, parseFault } from './faults/fault.ts';
export type { BookImage, Level, PublicTrade } from './market/market.ts';
export type { ProductRecord } from './market/product.ts';
export { parseProducts } from './recording/products-text.ts';
export type { RecordedCommand, RecordedMessage } from './recording/recorded-message.ts';
export type {
  RecordedAnswer,
  RecordedConnect,
  RecordedItem,
  RecordedReceived,
  RecordedSent,
  RecordedSession,
} from './recording/recorded-session.ts';
export { formatRecording, parseRecording } from './recording/recording-text.ts';
export { type LoadedReplay, loadReplay, type ReplayFiles } from './recording/replay-files.ts';
export { createRecording, type RecordingOptions, type SyntheticRecording } from './recording-maker.ts';
export type { ReplaySpeed } from './replay/replay-clock.ts';
export type { ReplayOptions } from './replay/replay-market.ts';
export type { DepthFilter } from './replay/session-contents.ts';
export { type ExchangeSimulator, startSimulator } from './simulator.ts';
export type { ReplayMarket, SimulatorOptions, SyntheticMarket } from './simulator-options.ts';
export type { DepthCount, SimulatorStats } from './stats.ts';
export type { SyntheticOptions } from './synthetic/synthetic-market.ts';
export { createSystemRuntime, type SimulatorRuntime } from './system-runtime.ts';
