/**
 * Sessions in files: what a client of any venue saw, written down, read, and played through the same code again.
 *
 * @packageDocumentation
 */
export {
  type RecordingCounts,
  type RecordingRuntime,
  type RecordRuntimeOptions,
  recordRuntime,
} from './record-runtime.ts';
export type {
  ReadItem,
  RecordedClosing,
  RecordedEnding,
  RecordedOpening,
  RecordedReceivedFrame,
  RecordedReply,
  RecordedSentFrame,
  RecordingItem,
  TornEnd,
} from './recorded-item.ts';
export type { FrameDirection, FrameFilter } from './recorded-socket.ts';
export { toNanoseconds, toRecordedTime } from './recorded-time.ts';
export { createRecordingFile, type RecordingFile, type RecordingFileOptions } from './recording-file.ts';
export { formatRecordingLine, parseRecordingLine } from './recording-line.ts';
export { readRecording } from './recording-reader.ts';
export type { LinePlace } from './recording-refusal.ts';
export {
  createRecordingWriter,
  type RecordingWriter,
  type RecordingWriterOptions,
  type WriterCounts,
  type Written,
} from './recording-writer.ts';
export type { ReplayProgress } from './replay-player.ts';
export type { ReplayEnd } from './replay-run.ts';
export {
  createReplayRuntime,
  type ReplayOptions,
  type ReplayRuntime,
  type ReplaySource,
} from './replay-runtime.ts';
