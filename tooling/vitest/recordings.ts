import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isRequired } from './requirement.ts';

/** Files of one recorded session. */
export interface RecordedSession {
  /** What the tests call it. */
  readonly name: string;
  /** The WebSocket session, in the form of `docs/recording-format.md`. */
  readonly sessionFile: string;
  /** The reply of the products endpoint at that time. */
  readonly productsFile: string;
  /** False where the data is not on this machine; its tests are then skipped by name. */
  readonly present: boolean;
}

const repository = new URL('../../', import.meta.url);

/** Where recordings that are not part of the repository are: `VENUEKIT_DATA`, else a folder beside the checkout. */
function dataFolder(): URL {
  const { VENUEKIT_DATA } = process.env;
  if (VENUEKIT_DATA === undefined || VENUEKIT_DATA === '') return new URL('../shared/data/', repository);
  return new URL(`${VENUEKIT_DATA.replace(/\/?$/, '/')}`, `file://${process.cwd()}/`);
}

function session(name: string, folder: URL, sessionFile: string, productsFile: string): RecordedSession {
  const files = [sessionFile, productsFile].map((file) => fileURLToPath(new URL(file, folder)));
  const [session = '', products = ''] = files;
  return {
    name,
    sessionFile: session,
    productsFile: products,
    present: files.every((file) => existsSync(file)),
  };
}

/** A session of the real venue, 30 seconds of ten markets. Not part of the repository. */
export const realSession: RecordedSession = session(
  'real session of 2021-04-17',
  new URL('ascendex-recording/', dataFolder()),
  'spot-ws-2021-04-17.txt',
  'spot-rest-products-2021-04-17.txt',
);

if (!realSession.present && isRequired('recordings')) {
  throw new Error(`expected recordings, as VENUEKIT_REQUIRE says, found no ${realSession.sessionFile}`);
}

/** A session of the same form, made by the simulator from a seed. Part of the repository. */
export const syntheticSession: RecordedSession = session(
  'synthetic session',
  new URL('packages/exchange-simulator/recordings/', repository),
  'spot-ws-synthetic.txt',
  'spot-rest-products-synthetic.txt',
);

/** Both sessions, for tests that run on each that is present. */
export const sessions: readonly RecordedSession[] = [realSession, syntheticSession];
