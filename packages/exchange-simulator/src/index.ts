/**
 * An exchange in a process: plays recorded sessions or a synthetic market over real sockets or in memory, speaks AscendEX, and breaks
 * on demand.
 *
 * @packageDocumentation
 */
export type { StreamConnection, StreamSink } from './dialect/dialect.ts';
export { type Fault, type FaultChannel, type FaultKind, faultKinds, parseFault } from './faults/fault.ts';
export { type ExchangeSimulator, startSimulator } from './listening-simulator.ts';
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
export { createSimulator, type Simulator, type StreamRefusal } from './simulator.ts';
export type {
  ListeningOptions,
  ReplayMarket,
  SimulatorOptions,
  SyntheticMarket,
} from './simulator-options.ts';
export type { DepthCount, SimulatorStats } from './stats.ts';
export type { SyntheticOptions } from './synthetic/synthetic-market.ts';
export { createSystemRuntime, type SimulatorRuntime } from './system-runtime.ts';
export type {
  BestTruth,
  BookTruth,
  FaultTruth,
  RequestTruth,
  StreamTruth,
  TradeTruth,
  TruthEntry,
  TruthSink,
} from './truth/truth-entry.ts';
