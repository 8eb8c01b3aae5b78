import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { VenueError } from '@venuekit/connector-core';
import type { ProductRecord } from '../market/product.ts';
import { findProducts, parseProducts } from './products-text.ts';
import type { RecordedSession } from './recorded-session.ts';
import { parseRecording } from './recording-text.ts';
import { whyUnreadable } from './unreadable-file.ts';

/** Which files a replay is made of. */
export interface ReplayFiles {
  /** The WebSocket session. */
  readonly sessionFile: string;
  /** The products answer. Left out, it is the one in the session, else the one `spot-rest-products-*` file beside it. */
  readonly productsFile?: string;
}

/** What a replay market takes. */
export interface LoadedReplay {
  readonly session: RecordedSession;
  readonly products: readonly ProductRecord[];
}

/**
 * Reads a recorded session and the products that belong to it.
 * @throws VenueError `invalid-options` if a file is missing, malformed, or the products file cannot be told; it names the file and
 * the line.
 */
export async function loadReplay(files: ReplayFiles): Promise<LoadedReplay> {
  const session = parseRecording(await readText(files.sessionFile, 'session'), files.sessionFile);
  const own = files.productsFile === undefined ? findProducts(session) : undefined;
  if (own !== undefined) return { session, products: own };
  const productsFile = files.productsFile ?? (await productsBeside(files.sessionFile));
  const products = parseProducts(await readText(productsFile, 'products'), productsFile);
  return { session, products };
}

async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw refusal(`expected a ${what} file at ${file}: ${whyUnreadable(cause)}`, cause);
  }
}

async function productsBeside(sessionFile: string): Promise<string> {
  const folder = dirname(sessionFile);
  const names = (await readdir(folder)).filter((name) => /^spot-rest-products-.*\.txt$/.test(name)).sort();
  const [name] = names;
  if (name !== undefined && names.length === 1) return join(folder, name);
  const found = names.length === 0 ? 'none' : names.join(', ');
  throw refusal(
    `expected one spot-rest-products-*.txt beside ${basename(sessionFile)} in ${folder}, got ${found}; name the products file`,
  );
}

function refusal(message: string, cause?: unknown): VenueError {
  return new VenueError({ code: 'invalid-options', operation: 'loadReplay', message, cause });
}
