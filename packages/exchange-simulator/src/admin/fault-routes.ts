import { isVenueError } from '@venuekit/connector-core';
import { type Context, Hono } from 'hono';
import { type Fault, type FaultKind, formatFault, parseFault } from '../faults/fault.ts';
import { randomScenario } from '../faults/fault-scenario.ts';
import { isRecord } from '../recording/exact-json.ts';
import { shownValue } from '../shown-value.ts';
import type { AdminTarget } from './admin.ts';
import { answer, invalidRequest, readBody, readFields, refuse } from './admin-answer.ts';
import { describeProgress, type FaultProgress } from './fault-progress.ts';

/** What has become of a list of faults. */
type Injection =
  | { readonly ids: readonly number[] }
  | {
      readonly error: string;
      /** What cannot be undone, as text. */
      readonly done: readonly string[];
    };

/** Lets things go wrong, and ends that. */
export function createFaultRoutes({ faults, market }: AdminTarget): Hono {
  const app = new Hono();

  /** All of them or none, as far as they can be ended: gives their numbers, or what was wrong and what has happened before all the same. */
  function injectAll(list: readonly Fault[]): Injection {
    for (const fault of list) faults.check(fault);
    const ids: number[] = [];
    try {
      for (const fault of list) ids.push(faults.inject(fault));
    } catch (error) {
      const done = list.filter((_fault, at) => ids[at] !== undefined && !faults.end(ids[at]));
      if (done.length === 0 || !isVenueError(error)) throw error;
      return { error: `${error.message}; what is in "done" happened before it`, done: done.map(formatFault) };
    }
    return { ids };
  }

  /** What has become of those numbers. */
  function progressOf(ids: readonly number[]): readonly FaultProgress[] {
    const states = new Map(faults.states.map((state) => [state.id, state]));
    return ids.map((id) => describeProgress(id, states.get(id), market.elapsedSeconds()));
  }

  function injected(context: Context, list: readonly Fault[], about: object = {}): Response {
    const injection = injectAll(list);
    if ('error' in injection) return context.json(injection, 400);
    const { ids } = injection;
    return answer({ ...about, ids, states: progressOf(ids) });
  }

  app.get('/faults', () => {
    const progress = progressOf(faults.states.map(({ id }) => id));
    const list = faults.states.map((state, index) => ({ ...state, ...progress[index] }));
    return answer({ faults: list, fired: faults.fired });
  });
  app.post('/faults', async (context) => {
    return injected(context, faultsOf(await readBody(context)));
  });
  app.delete('/faults/:id', (context) => {
    const id = context.req.param('id');
    if (faults.end(Number(id))) return answer({ ended: Number(id) });
    return refuse(context, 404, `there is no fault ${id} that is planned or active`);
  });
  app.post('/scenarios', async (context) => {
    const drawn = scenarioOf(await readFields(context), market.symbols);
    // A scenario begins when it is asked for.
    const startSeconds = market.elapsedSeconds();
    const list = drawn.faults.map((fault) => ({ ...fault, atSeconds: fault.atSeconds + startSeconds }));
    return injected(context, list, { name: drawn.name, faults: drawn.faults.map(formatFault) });
  });
  return app;
}

function faultsOf(body: unknown): readonly Fault[] {
  return (Array.isArray(body) ? body : [body]).map((one: unknown) => {
    if (typeof one === 'string') return parseFault(one);
    if (isRecord(one)) return one as unknown as Fault;
    const expected = 'expected a fault as an object or as text such as drop@0, or a list of them';
    throw invalidRequest(`${expected}, got ${shownValue(one)}`);
  });
}

function scenarioOf(
  { seed, seconds, kinds, most }: Readonly<Record<string, unknown>>,
  symbols: readonly string[],
): ReturnType<typeof randomScenario> {
  if (typeof seed !== 'number' && typeof seed !== 'string')
    throw invalidRequest(`seed: expected a number or text, got ${shownValue(seed)}`);
  if (kinds !== undefined && !Array.isArray(kinds))
    throw invalidRequest(`kinds: expected a list, got ${shownValue(kinds)}`);
  return randomScenario(seed, {
    seconds: seconds as number,
    symbols,
    ...(kinds === undefined ? {} : { kinds: kinds as FaultKind[] }),
    ...(most === undefined ? {} : { most: most as number }),
  });
}
