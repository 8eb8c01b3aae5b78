import type { Venue } from '../../venue/venue.ts';
import type { Dialect, OpenDialect } from '../dialect.ts';
import { createAscendexContext } from './ascendex-context.ts';
import { type AscendexChoices, type AscendexOptions, completeAscendexOptions } from './ascendex-options.ts';
import { createLimitKeeper } from './limit-keeper.ts';
import { createOrderIds } from './order-ids.ts';
import { createRestServer } from './routes.ts';
import { createStreamHub } from './stream-hub.ts';
import { nameUser } from './user-names.ts';

/** With or without an account group in front. */
const streamPath = /^\/(?:[^/]+\/)?api\/pro\/v[12]\/stream$/;

/**
 * The way in which AscendEX speaks.
 * @param choices what the venue's documents leave open; the defaults are what known clients get along with.
 * @throws VenueError `invalid-options` naming the option.
 */
export function createAscendexDialect(choices: AscendexChoices = {}): Dialect {
  const options = completeAscendexOptions(choices);
  return {
    name: 'ascendex',
    nameUser,
    nameOrder: ({ uid }, timeMs, random) =>
      createOrderIds(options.uidForm, random).next({ channel: 'r', timeMs, uid, clientId: '' }),
    open: (venue) => open(venue, options),
  };
}

/** The stream becomes the audience of the market. */
function open(venue: Venue, options: AscendexOptions): OpenDialect {
  const context = createAscendexContext(venue, options);
  const limits = createLimitKeeper(options.limits, venue.clock, venue.faults.forcedLimit);
  const hub = createStreamHub({ ...context, limits });
  venue.market.open(hub);
  return {
    streamPath: '/api/pro/v1/stream',
    isStream: (path) => streamPath.test(path),
    fetch: createRestServer(context, limits),
    refuseStream: (request) => hub.refuse(request),
    openStream: (request, sink) => hub.open(request, sink),
  };
}
