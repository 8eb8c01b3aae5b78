/**
 * An exchange in a process: traders, an engine and accounts that a seed makes up, or a recorded session; speaks AscendEX over real sockets
 * or in memory, and breaks on demand.
 *
 * @packageDocumentation
 */
export type * from './desk/desk-types.ts';
export { createAscendexDialect } from './dialect/ascendex/ascendex-dialect.ts';
export {
  type AscendexChoices,
  type AscendexOptions,
  defaultAscendexOptions,
} from './dialect/ascendex/ascendex-options.ts';
export {
  type AscendexLimits,
  defaultLimits,
  type MessageGroup,
  type MessageThreshold,
  noLimits,
} from './dialect/ascendex/limit-options.ts';
export type {
  Caller,
  Dialect,
  FrameLabel,
  OpenDialect,
  StreamConnection,
  StreamRequest,
  StreamSink,
} from './dialect/dialect.ts';
export type * from './engine/engine-types.ts';
export { toText as moneyText, toUnits as moneyUnits } from './engine/money.ts';
export type { DepthDelivery, DepthStrike } from './faults/depth-faults.ts';
export type * from './faults/dialect-faults.ts';
export { type Fault, formatFault, parseFault } from './faults/fault.ts';
export { describeFaults, type FaultDescription, faultKinds } from './faults/fault-catalogue.ts';
export { type FaultScenario, randomScenario, type ScenarioOptions } from './faults/fault-scenario.ts';
export type * from './faults/fault-types.ts';
export type { ForcedLimit, LimitFaults } from './faults/limit-faults.ts';
export type { StreamCarrier } from './faults/stream-carrier.ts';
export { createListing, type Listing } from './floor/listing.ts';
export type { Bar } from './history/bar.ts';
export { periodEndMs, periodStartMs } from './history/bar-interval.ts';
export { type BarScale, parseBarsCsv } from './history/bars-csv.ts';
export type { LoadedBars } from './history/loaded-bars.ts';
export { type ListeningSimulator, startExchangeSimulator } from './listening-simulator.ts';
export type * from './market/market.ts';
export { settled } from './market/market.ts';
export type { ProductRecord } from './market/product.ts';
export { createFileRecorder } from './recording/file-recorder.ts';
export type { LineFile } from './recording/line-file.ts';
export { parseProducts } from './recording/products-text.ts';
export type { RecordedCommand, RecordedMessage } from './recording/recorded-message.ts';
export type {
  ConnectionEnd,
  RecordedAnswer,
  RecordedConnect,
  RecordedEnd,
  RecordedItem,
  RecordedReceived,
  RecordedSent,
  RecordedSession,
} from './recording/recorded-session.ts';
export {
  createRecorder,
  type Recorder,
  type RecorderCounts,
  type RecorderOptions,
} from './recording/recorder.ts';
export { formatRecording, parseRecording } from './recording/recording-text.ts';
export { type LoadedReplay, loadReplay, type ReplayFiles } from './recording/replay-files.ts';
export { createRecording, type RecordingOptions, type SyntheticRecording } from './recording-maker.ts';
export type { ReplaySpeed } from './replay/replay-clock.ts';
export type { ReplayOptions } from './replay/replay-market.ts';
export type { DepthFilter } from './replay/session-contents.ts';
export { createSeededRandom } from './seeded-random.ts';
export { createExchangeSimulator, type ExchangeSimulator, type StreamRefusal } from './simulator.ts';
export type {
  ListeningOptions,
  RecordOptions,
  ReplayMarket,
  SimulatorOptions,
  SyntheticMarket,
} from './simulator-options.ts';
export {
  type Counters,
  count as tally,
  countFailure,
  type DepthCount,
  type SimulatorStats,
} from './stats.ts';
export { createSystemRuntime, type SimulatorRuntime } from './system-runtime.ts';
export type { ReferencePrice, TraderPair } from './traders/trader-pair.ts';
export type * from './truth/truth-entry.ts';
export { createTruthFile, type TruthFile } from './truth/truth-file.ts';
export {
  type BookState,
  createTruthMemory,
  type RememberedKind,
  type TruthMemory,
  type TruthMemoryOptions,
} from './truth/truth-memory.ts';
export type * from './users/user-types.ts';
export type { Venue } from './venue/venue.ts';
export { createVirtualTime, type VirtualTime } from './virtual-time.ts';
export { followRecording } from './world/recorded-world.ts';
export type { WorldOptions } from './world/world.ts';
export { type PairProfile, selectPairs } from './world/world-pairs.ts';
