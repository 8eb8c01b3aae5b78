import type {
  Draw,
  PlanVocabulary,
  SimulationPlan,
  SimulationStep,
} from '@venuekit/connector-testkit/simulation';
import { companionOf, drawFault, faultNames } from './fault-plan.ts';
import { clientNames, pairs } from './plan-names.ts';

/** When the last action is taken, and the last fault is over, in virtual milliseconds. */
export const busyMs = 120_000;

type Fields = NonNullable<SimulationStep['with']>;

const feeds = ['book', 'trades', 'ticker', 'connection'] as const;
const streamLists = ['book', 'trades', 'ticker', 'book,trades', 'book,trades,ticker', ''] as const;

const pairOf = (draw: Draw): Fields => ({ pair: draw.pick('pair', pairs) });
const nthOf = (draw: Draw): Fields => ({ nth: draw.integer('nth', 0, 7) });
const timeoutOf = (draw: Draw): Fields =>
  draw.chance('has timeout', 60) ? { timeoutMs: draw.integer('timeout', 1, 12_000) } : {};
const abortOf = (draw: Draw): Fields =>
  draw.chance('has abort', 25) ? { abortAfterMs: draw.integer('abort', 0, 3_000) } : {};

/** Every action, with what it takes. The first number is its weight. */
const actionKinds: Readonly<Record<string, readonly [number, (draw: Draw) => Fields]>> = {
  start: [1, () => ({})],
  connect: [2, (draw) => ({ ...timeoutOf(draw), ...abortOf(draw) })],
  close: [1, () => ({})],
  remake: [2, () => ({})],
  crash: [1, () => ({})],
  'crash-at': [
    1,
    (draw) => ({
      operations: draw.integer('operations', 1, 30),
      when: draw.pick('when', ['before', 'after']),
    }),
  ],
  stall: [2, (draw) => ({ ms: draw.pick('stall', [300, 1_000, 4_000, 9_000, 20_000]) })],
  'shift-clock': [1, (draw) => ({ ms: draw.pick('shift', [-60_000, -500, 500, 60_000]) })],
  open: [
    8,
    (draw) => ({
      ...pairOf(draw),
      streams: draw.pick('streams', streamLists),
      ...timeoutOf(draw),
      ...abortOf(draw),
    }),
  ],
  'close-handle': [4, nthOf],
  listen: [
    6,
    (draw) => ({
      ...nthOf(draw),
      feed: draw.pick('feed', feeds),
      manner: draw.pick('manner', ['plain', 'throwing', 'once', 'closing', 'meddling']),
    }),
  ],
  read: [
    6,
    (draw) => ({
      ...nthOf(draw),
      feed: draw.pick('feed', feeds),
      manner: draw.pick('manner', ['fast', 'slow', 'leaving', 'until']),
    }),
  ],
  look: [3, nthOf],
  audit: [6, (draw) => ({ ...nthOf(draw), ...timeoutOf(draw), ...abortOf(draw) })],
  'when-live': [4, (draw) => ({ ...nthOf(draw), ...timeoutOf(draw), ...abortOf(draw) })],
  'fetch-book': [3, (draw) => ({ ...pairOf(draw), ...timeoutOf(draw), ...abortOf(draw) })],
  'fetch-trades': [3, (draw) => ({ ...pairOf(draw), ...timeoutOf(draw), ...abortOf(draw) })],
  'fetch-tickers': [2, (draw) => ({ ...timeoutOf(draw), ...abortOf(draw) })],
  churn: [1, (draw) => ({ ...pairOf(draw), leaves: draw.chance('leaves', 60) })],
  'audit-storm': [1, () => ({})],
  'fetch-clock': [1, (draw) => ({ ...timeoutOf(draw), ...abortOf(draw) })],
};

const intervals: readonly string[] = ['300', '500', '900'];
const framesKinds: readonly string[] = ['plain', 'odd'];

/** What plans are made of. */
export const planVocabulary: PlanVocabulary = {
  actions: Object.keys(actionKinds),
  faults: faultNames,
  switches: { intervalMs: intervals, frames: framesKinds },
};

/** Makes up the plan of a seed. Every step has draws of its own, so that leaving one out changes no other. */
export function drawPlan(draw: Draw): SimulationPlan {
  const starts = clientNames.map((client, at) => ({
    atMs: draw.integer(`start ${at}`, 0, 1_500),
    kind: 'start',
    with: { client },
  }));
  // Most seeds have a few faults, so that each shows what it does alone; some have many at once.
  const most = draw.pick('most faults', [0, 4, 8, 16, 40]);
  const drawn = steps(draw.integer('faults', 0, most), (at) => drawFault(draw.fork(`fault ${at}`), busyMs));
  const faults = drawn.flatMap((fault) => [fault, ...companionOf(fault)]).sort((a, b) => a.atMs - b.atMs);
  const refusal = drawRefusal(draw.fork('refusal'));
  const actions = [
    ...steps(draw.integer('actions', 10, 35), (at) => drawAction(draw.fork(`action ${at}`))),
    ...drawBursts(draw, faults),
    ...drawWaits(draw.fork('waits'), drawn),
    ...refusal.actions,
  ];
  return {
    actions: [...starts, ...actions.sort((a, b) => a.atMs - b.atMs)],
    faults: [...faults, ...refusal.faults].sort((a, b) => a.atMs - b.atMs),
    // The exchange simulator has no switches of what the venue leaves open yet; the pace of its market is one of ours.
    switches: { intervalMs: draw.pick('interval', intervals), frames: draw.pick('frames', framesKinds) },
  };
}

/** Several actions within moments, most of them when something has just gone wrong: that is where races are. */
function drawBursts(draw: Draw, faults: readonly SimulationStep[]): readonly SimulationStep[] {
  const moments = faults.map(({ atMs }) => atMs).filter((atMs) => atMs > 2_000);
  return Array.from({ length: draw.integer('bursts', 0, 5) }, (_, at) => {
    const burst = draw.fork(`burst ${at}`);
    const client = burst.pick('client', clientNames);
    const atFault = moments.length > 0 && burst.chance('at a fault', 70);
    const fromMs = atFault ? burst.pick('moment', moments) : burst.integer('from', 2_000, busyMs - 1_000);
    const spreadMs = burst.pick('spread', [0, 30, 600]);
    return steps(burst.integer('actions', 2, 8), (index) => {
      const one = burst.fork(`action ${index}`);
      const action = drawAction(one);
      const atMs = Math.min(busyMs, fromMs + one.integer('after', 0, spreadMs));
      return { ...action, atMs, with: { ...action.with, client } };
    });
  }).flat();
}

/** Calls that are under way when something goes wrong: an audit when nothing arrives any more, and waits for a live book. */
function drawWaits(draw: Draw, faults: readonly SimulationStep[]): readonly SimulationStep[] {
  return faults.flatMap(({ atMs, kind, with: fields = {} }, at) => {
    const isMute = /^(?:hold|venue-silence|venue-lost-snapshot)$/.test(kind);
    const isLoss = /^(?:cut|refuse|outage|flap|venue-drop|venue-gap)$/.test(kind);
    if (atMs < 2_000 || !(isMute || isLoss)) return [];
    const one = draw.fork(`wait ${at}`);
    const client = fields.client ?? one.pick('client', clientNames);
    const step = { atMs: atMs + one.integer('after', 1, 400), with: { client, ...nthOf(one) } };
    return [{ ...step, kind: isMute ? 'audit' : 'when-live' }];
  });
}

/** Now and then a request is answered with 429, and something more is wanted while the venue wants to hear nothing. */
function drawRefusal(draw: Draw): Pick<SimulationPlan, 'actions' | 'faults'> {
  if (!draw.chance('is refused', 40)) return { actions: [], faults: [] };
  const client = draw.pick('client', clientNames);
  const atMs = draw.integer('at', 5_000, busyMs - 30_000);
  const askedMs = [draw.integer('refused', 1, 400), draw.integer('wanted', 1_000, 20_000)];
  return {
    actions: askedMs.map((afterMs) => ({ atMs: atMs + afterMs, kind: 'fetch-tickers', with: { client } })),
    faults: [{ atMs, kind: 'answer', with: { client, count: 1, status: 429 } }],
  };
}

function steps(count: number, make: (at: number) => SimulationStep): readonly SimulationStep[] {
  return Array.from({ length: count }, (_, at) => make(at)).sort((a, b) => a.atMs - b.atMs);
}

const weighted = Object.entries(actionKinds).flatMap(([kind, [weight]]) =>
  Array.from({ length: weight }, () => kind),
);

function drawAction(draw: Draw): SimulationStep {
  const kind = draw.pick('kind', weighted);
  const [, make] = actionKinds[kind]!;
  return {
    atMs: draw.integer('at', 2_000, busyMs),
    kind,
    with: { client: draw.pick('client', clientNames), ...make(draw) },
  };
}
