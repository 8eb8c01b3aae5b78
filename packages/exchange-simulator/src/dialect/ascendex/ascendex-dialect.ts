import type { Dialect } from '../dialect.ts';
import { isSpot } from './products.ts';
import { createRoutes } from './routes.ts';
import type { SessionContext } from './session-context.ts';
import { createStreamHub } from './stream-hub.ts';

/** With or without an account group in front. */
const streamPath = /^\/(?:[^/]+\/)?api\/pro\/v[12]\/stream$/;

/** Speaks AscendEX over a market, and becomes that market's audience. */
export function createAscendexDialect(context: Omit<SessionContext, 'listed'>): Dialect {
  const listed = new Set(context.market.products.filter(isSpot).map(({ symbol }) => symbol));
  const hub = createStreamHub({ ...context, listed });
  const routes = createRoutes({ ...context, listed });
  context.market.open(hub);
  return {
    streamPath: '/api/pro/v1/stream',
    isStream: (path) => streamPath.test(path),
    fetch: (request) => routes.fetch(request),
    openStream: (sink) => hub.open(sink),
  };
}
