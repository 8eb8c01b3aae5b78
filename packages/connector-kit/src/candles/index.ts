/**
 * Candles of the past: series that are checked once, and downloads that are read page by page.
 *
 * @packageDocumentation
 */
export { type CandleDownloadTerms, createCandleDownload } from './candle-download.ts';
export { type CandleInput, type CandleSeriesOptions, createCandleSeries } from './candle-series.ts';
export { type CandlesParts, createCandles } from './candles.ts';
