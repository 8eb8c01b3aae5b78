/**
 * AscendEX spot connector: instruments with every trading rule, exact live books, trades and tickers.
 *
 * @packageDocumentation
 */
export { type AscendexSpot, type AscendexSpotCapabilities, createAscendexSpot } from './ascendex-spot.ts';
export type { ClockOffset, ClockOffsetOptions } from './clock-offset.ts';
export { createDepthPipeline, type DepthPipeline, type DepthPipelineOptions } from './depth-pipeline.ts';
export type { AscendexSpotOptions } from './options.ts';
export { ascendexLimits, type LimitNumbers, type LimitOverrides } from './venue-limits.ts';
