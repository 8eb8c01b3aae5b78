import { Hono } from 'hono';
import { count, countFailure } from '../../stats.ts';
import type { Caller } from '../dialect.ts';
import type { AscendexContext } from './ascendex-context.ts';
import { addDataRoutes } from './data-routes.ts';
import { refusals } from './error-codes.ts';
import { addOrderListRoutes } from './order-lists.ts';
import { addOrderRoutes } from './order-routes.ts';
import { addAccountRoutes } from './private-account.ts';
import { addTransferRoutes } from './private-transfers.ts';
import { addWalletRoutes } from './private-wallet.ts';
import { addPublicRoutes } from './public-routes.ts';
import type { RestEnvironment } from './rest-calls.ts';
import { missing, refuse } from './rest-replies.ts';
import type { RiskReport } from './risk-report.ts';

/** Answers requests by REST. */
export type RestServer = (request: Request, caller: Caller) => Response | Promise<Response>;

/**
 * Makes all of REST. A refusal has HTTP 200 and a code, as the venue does it; an unknown path, and a private one without its account group, is
 * a 404 in JSON. What goes wrong here is counted, and told to whoever asked by the venue's code for it.
 */
export function createRestServer(context: AscendexContext, risk: RiskReport): RestServer {
  const routes = new Hono<RestEnvironment>();
  routes.use(async (call, next) => {
    count(context.counters.rest, call.req.path);
    await next();
  });
  addPublicRoutes(routes, context, risk);
  addAccountRoutes(routes, context);
  addTransferRoutes(routes, context);
  addWalletRoutes(routes, context);
  addOrderRoutes(routes, context);
  addOrderListRoutes(routes, context);
  addDataRoutes(routes, context);
  routes.notFound((call) => missing(call.req.method, call.req.path));
  routes.onError((error) => {
    countFailure(context.counters, error);
    return refuse(refusals.server, `the request could not be served: ${String(error)}`, 500);
  });
  return (request, caller) => routes.fetch(request, { caller });
}
