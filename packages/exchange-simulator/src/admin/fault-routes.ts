import { Hono } from 'hono';
import { type Fault, type FaultKind, formatFault, parseFault } from '../faults/fault.ts';
import { randomScenario } from '../faults/fault-scenario.ts';
import type { AdminTarget } from './admin.ts';
import { answer, invalidRequest, isFields, readBody, readFields, refuse } from './admin-answer.ts';

/** Lets things go wrong, and ends that. */
export function createFaultRoutes({ faults, market }: AdminTarget): Hono {
  const app = new Hono();

  /** All of them or none. */
  function injectAll(list: readonly Fault[]): readonly number[] {
    for (const fault of list) faults.check(fault);
    const ids: number[] = [];
    try {
      for (const fault of list) ids.push(faults.inject(fault));
    } catch (error) {
      for (const id of ids) faults.end(id);
      throw error;
    }
    return ids;
  }

  app.get('/faults', () => answer({ faults: faults.states, fired: faults.fired }));
  app.post('/faults', async (context) => answer({ ids: injectAll(faultsOf(await readBody(context))) }));
  app.delete('/faults/:id', (context) => {
    const id = context.req.param('id');
    if (/^\d{1,15}$/.test(id) && faults.end(Number(id))) return answer({ ended: Number(id) });
    return refuse(context, 404, `there is no fault ${id} that is planned or active`);
  });
  app.post('/scenarios', async (context) => {
    const drawn = scenarioOf(await readFields(context), market.symbols);
    // A scenario begins when it is asked for.
    const startSeconds = market.elapsedSeconds();
    const list = drawn.faults.map((fault) => ({ ...fault, atSeconds: fault.atSeconds + startSeconds }));
    const ids = injectAll(list);
    return answer({ name: drawn.name, ids, faults: drawn.faults.map(formatFault) });
  });
  return app;
}

function faultsOf(body: unknown): readonly Fault[] {
  return (Array.isArray(body) ? body : [body]).map((one: unknown) => {
    if (typeof one === 'string') return parseFault(one);
    if (isFields(one)) return one as unknown as Fault;
    throw invalidRequest('expected a fault as an object or as text such as drop@0, or a list of them');
  });
}

function scenarioOf(
  { seed, seconds, kinds, most }: Readonly<Record<string, unknown>>,
  symbols: readonly string[],
): ReturnType<typeof randomScenario> {
  if (typeof seed !== 'number' && typeof seed !== 'string')
    throw invalidRequest(`seed: expected a number or text, got ${JSON.stringify(seed) ?? 'nothing'}`);
  if (kinds !== undefined && !Array.isArray(kinds)) throw invalidRequest('kinds: expected a list');
  return randomScenario(seed, {
    seconds: seconds as number,
    symbols,
    ...(kinds === undefined ? {} : { kinds: kinds as FaultKind[] }),
    ...(most === undefined ? {} : { most: most as number }),
  });
}
