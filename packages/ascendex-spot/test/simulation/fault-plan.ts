import type { Draw, SimulationStep } from '@venuekit/connector-testkit/simulation';
import { clientNames, pairs } from './plan-names.ts';

type Fields = NonNullable<SimulationStep['with']>;
type Make = (draw: Draw) => Fields;

const longestMs = 25_000;

const client: Make = (draw) => ({ client: draw.pick('client', clientNames) });
const direction: Make = (draw) => ({
  direction: draw.pick('direction', ['to-client', 'to-client', 'to-server']),
});
const count: Make = (draw) => ({ count: draw.integer('count', 1, 3) });
const forMs: Make = (draw) => ({ forMs: draw.pick('for', [500, 2_000, 6_000, 14_000, longestMs]) });
/** Long enough for the budget of dials to be used up. */
const longMs: Make = (draw) => ({ forMs: draw.pick('long', [14_000, 50_000, 90_000]) });
const eitherMs: Make = (draw) => (draw.chance('is long', 25) ? longMs(draw) : forMs(draw));
const symbol: Make = (draw) =>
  draw.chance('one symbol', 60) ? { symbol: draw.pick('symbol', pairs).replace('-', '/') } : {};
const channel: Make = (draw) =>
  draw.chance('one channel', 50) ? { channel: draw.pick('channel', ['depth', 'trades', 'bbo']) } : {};

const all =
  (...makes: readonly Make[]): Make =>
  (draw) =>
    Object.assign({}, ...makes.map((make) => make(draw))) as Fields;

/**
 * Every fault, with what it takes.
 *
 * What TCP and HTTP themselves can do: latency, delay, cut, hold, refuse, outage, and everything about requests. What only a
 * venue (or something in front of it) can do, because TCP loses and changes nothing in mid-stream: drop, duplicate, swap, edit,
 * flap, and everything that begins with `venue-`.
 */
const faultKinds: Readonly<Record<string, readonly [number, Make]>> = {
  latency: [2, all(client, forMs, (draw) => ({ maxMs: draw.pick('max', [60, 300, 1_500]) }))],
  delay: [2, all(client, direction, (draw) => ({ ms: draw.pick('ms', [400, 2_500, 7_000, 15_000]) }))],
  cut: [4, client],
  hold: [4, all(client, forMs)],
  refuse: [
    3,
    all(client, forMs, (draw) => ({ how: draw.pick('how', ['connection', 'silence', '403', '429', '503']) })),
  ],
  outage: [5, all(eitherMs, (draw) => ({ how: draw.pick('how', ['connection', '503', '403', '429']) }))],
  blackout: [4, () => ({ forMs: 50_000 })],
  deaf: [
    9,
    all(
      (draw) => ({ forMs: draw.pick('deaf for', [14_000, longestMs]) }),
      (draw) => ({ how: draw.pick('deaf how', ['ignored', 'ignored', 'ignored', 'refused']) }),
      channel,
    ),
  ],
  drop: [4, all(client, direction, count)],
  duplicate: [2, all(client, direction, count)],
  swap: [2, all(client, direction)],
  edit: [6, all(client, direction, (draw) => ({ how: draw.pick('how', ['half', 'words', 'type', 'html']) }))],
  flap: [2, longMs],
  'lose-request': [1, all(client, count)],
  'lose-reply': [1, all(client, count)],
  answer: [
    2,
    all(client, count, (draw) => ({ status: draw.pick('status', [200, 403, 429, 500, 502, 503]) })),
  ],
  reset: [1, all(client, count, (draw) => ({ when: draw.pick('when', ['before', 'after']) }))],
  'venue-drop': [2, () => ({})],
  'venue-gap': [4, symbol],
  'venue-duplicate': [2, symbol],
  'venue-reorder': [3, symbol],
  'venue-malformed': [4, symbol],
  'venue-epoch': [3, symbol],
  'venue-mute': [3, all(forMs, symbol, channel)],
  'venue-silence': [2, forMs],
  'venue-refuse': [2, eitherMs],
  'venue-lost-confirmation': [2, all(forMs, symbol, channel)],
  'venue-ignored-subscription': [2, all(forMs, symbol, channel)],
  'venue-refused-subscription': [1, all(forMs, symbol, channel)],
  'venue-slow-snapshot': [2, all(symbol, (draw) => ({ forMs: draw.pick('late', [800, 3_000, 6_500]) }))],
  'venue-lost-snapshot': [
    4,
    all((draw) => ({ forMs: draw.pick('lost for', [2_500, 6_000, 14_000]) }), symbol),
  ],
  'venue-old-snapshot': [2, all(forMs, symbol)],
};

/** The name of every fault. */
export const faultNames: readonly string[] = Object.keys(faultKinds);

const weighted = Object.entries(faultKinds).flatMap(([kind, [weight]]) =>
  Array.from({ length: weight }, () => kind),
);

/** Makes up one fault, which is over at `overMs` at the latest. */
export function drawFault(draw: Draw, overMs: number): SimulationStep {
  const kind = draw.pick('kind', weighted);
  const [, make] = faultKinds[kind]!;
  const fields = make(draw);
  const atMs = draw.integer('at', 500, overMs - Math.max(longestMs, Number(fields.forMs ?? 0)));
  return Object.keys(fields).length === 0 ? { atMs, kind } : { atMs, kind, with: fields };
}

/** Faults of which something else has to happen, so that they show: a book has to ask for the snapshot that is lost. */
export function companionOf({ atMs, kind, with: fields = {} }: SimulationStep): readonly SimulationStep[] {
  if (!/^venue-(?:lost|old|slow)-snapshot$/.test(kind)) return [];
  const { symbol } = fields;
  return [{ atMs: atMs + 50, kind: 'venue-gap', ...(symbol === undefined ? {} : { with: { symbol } }) }];
}

/** True for a fault by which trades may be missing, or in another order, without a sign in mid-stream. */
export function hidesTrades({ kind }: SimulationStep): boolean {
  return ['drop', 'swap', 'edit', 'venue-mute', 'venue-silence'].includes(kind);
}

/** True for a fault by which changes of books, or whole books, may be missing, wrong, or in another order. */
export function hidesDepth(step: SimulationStep): boolean {
  const { kind } = step;
  return (
    hidesTrades(step) ||
    /^(?:duplicate|venue-(?:gap|duplicate|reorder|malformed|epoch|old-snapshot))$/.test(kind)
  );
}

/** True for a fault that strikes a next frame or request, which may come long after the fault was planned. */
export function waitsForTraffic({ kind }: SimulationStep): boolean {
  return /^(?:delay|drop|duplicate|swap|edit|lose-.*|answer|reset)$/.test(kind);
}
