/**
 * What exchange connectors are built from. This entry loads no `node:` module; the parts are subpaths: `/book`, `/candles`,
 * `/connector`, `/feed`, `/http`, `/limits`, `/market-data`, `/orders`, `/runtime`, `/stream`, `/testing`.
 *
 * @packageDocumentation
 */
export * from './book/index.ts';
export * from './candles/index.ts';
export * from './connector/index.ts';
export * from './feed/index.ts';
export * from './limits/index.ts';
export * from './market-data/index.ts';
export * from './orders/index.ts';
export * from './stream/index.ts';
