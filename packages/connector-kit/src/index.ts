/**
 * What exchange connectors are built from. This entry loads no `node:` module; the parts are subpaths: `/book`, `/feed`,
 * `/http`, `/market-data`, `/runtime`, `/stream`, `/testing`.
 *
 * @packageDocumentation
 */
export * from './book/index.ts';
export * from './feed/index.ts';
export * from './market-data/index.ts';
export * from './stream/index.ts';
