import { type Clock, isVenueError } from '@venuekit/connector-core';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { describeFaults } from '../faults/fault.ts';
import type { FaultControl } from '../faults/fault-control.ts';
import type { VenueActions } from '../faults/venue-actions.ts';
import type { Market } from '../market/market.ts';
import type { SimulatorStats } from '../stats.ts';
import type { TruthMemory } from '../truth/truth-memory.ts';
import type { User } from '../users/user-types.ts';
import { isJson, refuse } from './admin-answer.ts';
import { describeState } from './exchange-state.ts';
import { createFaultRoutes } from './fault-routes.ts';
import { isOwnRequest } from './own-request.ts';
import { createTruthRoutes } from './truth-routes.ts';
import { createVenueRoutes } from './venue-routes.ts';

/** What an admin port can see and do. */
export interface AdminTarget {
  readonly market: Market;
  readonly users: readonly User[];
  /** The venue's, which may be wrong on purpose. */
  readonly clock: Clock;
  readonly faults: Pick<FaultControl, 'check' | 'inject' | 'states' | 'end' | 'fired'>;
  /** `undefined` if nothing can be traded. */
  readonly actions: VenueActions | undefined;
  readonly truth: TruthMemory;
  /** What happened so far. */
  readonly stats: () => SimulatorStats;
}

/** Answers requests to the admin port. */
export interface Admin {
  /** Only what comes to this machine by one of its own names is answered: a page in a browser cannot ask by another. */
  fetch(request: Request): Response | Promise<Response>;
}

const longestBody = 1 << 20;

/** Everything that there is, for people. */
const directory: readonly string[] = [
  'GET /',
  'GET /state',
  'GET /kinds',
  'GET /faults',
  'POST /faults  "drop@0" | {"kind":"drop","atSeconds":0} | [...]',
  'DELETE /faults/:id',
  'POST /scenarios  {"seed":1,"seconds":60,"kinds"?:[...],"most"?:10}',
  'POST /deposits  {"account"|"uid":"...","asset":"USDT","amount":"100"}',
  'POST /withdrawals  {"account"|"uid":"...","asset":"USDT","amount":"100"}',
  'POST /status  {"symbol":"BTC/USDT","status":"trading"|"cancel-only"|"halted"}',
  'POST /orders  {"account"|"uid":"...","symbol":"BTC/USDT","side":"buy","amount":"0.01","price"?:"20000"}',
  'GET /truth/orders?account|uid=&limit=',
  'GET /truth/fills?account|uid=&limit=',
  'GET /truth/balances?account|uid=',
  'GET /truth/trades?limit=',
  'GET /truth/requests?limit=',
  'GET /truth/streams?limit=',
  'GET /truth/faults?limit=',
  'GET /truth/book?symbol=',
];

/** Makes the admin of an exchange. It speaks JSON; what it refuses has `{ error }` and says what was expected. */
export function createAdmin(target: AdminTarget): Admin {
  const app = new Hono();
  app.use(async (context, next) => {
    if (!isOwnRequest(context.req.raw))
      return refuse(
        context,
        403,
        'expected a request to 127.0.0.1 or localhost, by no page of another origin',
      );
    return next();
  });
  const limitBody = bodyLimit({
    maxSize: longestBody,
    onError: (context) => refuse(context, 413, `expected at most ${longestBody} bytes`),
  });
  app.post('*', limitBody);
  app.use(async (context, next) => {
    if (context.req.method !== 'POST' || isJson(context)) return next();
    return refuse(context, 415, 'expected content-type application/json');
  });
  app.get('/', (context) => context.json({ routes: directory }));
  app.get('/kinds', (context) => context.json(describeFaults()));
  app.get('/state', (context) => context.json(describeState(target)));
  app.route('/', createFaultRoutes(target));
  app.route('/', createVenueRoutes(target));
  app.route('/truth', createTruthRoutes(target));
  app.notFound((context) =>
    refuse(context, 404, `there is no ${context.req.method} ${context.req.path}; GET / lists what there is`),
  );
  app.onError((error, context) => {
    if (isVenueError(error)) return refuse(context, 400, error.message);
    throw error;
  });
  return { fetch: (request) => app.fetch(request) };
}
