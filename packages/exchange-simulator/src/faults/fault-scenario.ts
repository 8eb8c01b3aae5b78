import { VenueError } from '@venuekit/connector-core';
import { createSeededRandom, drawInteger } from '../seeded-random.ts';
import { shownBeside } from '../shown-value.ts';
import { requireKind } from './fault.ts';
import { faultCatalogue, faultKinds } from './fault-catalogue.ts';
import { longestSeconds } from './fault-parts.ts';
import type { Fault, FaultKind, FaultPart } from './fault-types.ts';

/** A list of faults with a name. */
export interface FaultScenario {
  readonly name: string;
  /** In the order of their times. */
  readonly faults: readonly Fault[];
}

/** What a scenario may be made of. */
export interface ScenarioOptions {
  /** When the last fault is over, as far as it has a duration; above 0 and up to 10^9. */
  readonly seconds: number;
  /** Kinds to draw from; all if left out. */
  readonly kinds?: readonly FaultKind[];
  /** Symbols by which faults may be narrowed down; none if left out. */
  readonly symbols?: readonly string[];
  /** How many faults at most, up to 100,000; one in three seconds if left out. */
  readonly most?: number;
}

/** More would only be a way to run out of memory. */
const mostFaults = 100_000;

/**
 * Draws a scenario: the same from the same seed and options. Faults that last end within its time, and those that strike the next messages
 * or requests strike a few.
 * @throws VenueError `invalid-options` for options of which nothing can be made.
 */
export function randomScenario(seed: string | number, options: ScenarioOptions): FaultScenario {
  const {
    seconds,
    kinds = faultKinds,
    symbols = [],
    most = Math.min(mostFaults, Math.ceil(seconds / 3)),
  } = options;
  if (!Number.isFinite(seconds) || seconds <= 0 || seconds > longestSeconds)
    throw refusal('seconds', `a number above 0, up to ${longestSeconds}`, shownBeside(seconds, 'number'));
  if (!Number.isSafeInteger(most) || most < 1 || most > mostFaults)
    throw refusal('most', `a whole number from 1 to ${mostFaults}`, shownBeside(most, 'number'));
  for (const kind of kinds) requireKind(kind);
  if (kinds.length === 0) throw refusal('kinds', 'one at least', 'none');
  const random = createSeededRandom(`scenario ${seed}`);
  const draw: Draw = (key, below) => drawInteger(random, key, below);
  const faults = Array.from({ length: 1 + draw('how many', most) }, () =>
    drawFault(draw, { seconds, kinds, symbols }),
  );
  return { name: `random ${seed}`, faults: faults.sort((a, b) => a.atSeconds - b.atSeconds) };
}

/** A whole number from 0 to below. */
type Draw = (key: string, below: number) => number;

function drawFault(draw: Draw, { seconds, kinds, symbols }: Required<Omit<ScenarioOptions, 'most'>>): Fault {
  const kind = pick(draw, 'kind', kinds);
  const { parts, lasts } = faultCatalogue[kind];
  const tenths = Math.max(1, Math.floor(seconds * 10));
  const atTenths = draw('time', tenths);
  const has = (part: FaultPart): boolean => parts.includes(part);
  const lengthTenths = 1 + draw('duration', Math.max(1, Math.min(150, tenths - atTenths)));
  const isTimed = has('durationSeconds') && (lasts === 'while' || draw(`${kind} timed`, 3) === 0);
  return {
    kind,
    atSeconds: atTenths / 10,
    ...(isTimed ? { durationSeconds: Math.min(lengthTenths, tenths - atTenths) / 10 } : {}),
    ...(has('symbol') && symbols.length > 0 && draw('one symbol', 2) === 0
      ? { symbol: pick(draw, 'symbol', symbols) }
      : {}),
    ...(has('count') && lasts === 'next' ? { count: 1 + draw('count', 3) } : {}),
    ...drawParts(draw, kind),
  };
}

/** Of what cannot be left to its default without harm, or shows more when it varies. */
function drawParts(draw: Draw, kind: FaultKind): Partial<Fault> {
  const { parts } = faultCatalogue[kind];
  const drawn: Partial<Record<FaultPart, () => Partial<Fault>>> = {
    channel: () =>
      draw('one channel', 2) === 0
        ? { channel: pick(draw, 'channel', ['depth', 'trades', 'bbo', 'order', 'balance', 'reply'] as const) }
        : {},
    seconds: () => ({ seconds: kind.startsWith('clock-') ? draw('skew', 121) - 60 : draw('seconds', 46) }),
    status: () =>
      draw('status given', 2) === 0 && kind !== 'redirect'
        ? { status: pick(draw, 'status', [429, 500, 502, 503, 504] as const) }
        : {},
    ending: () => ({ ending: pick(draw, 'ending', ['hang', 'reset'] as const) }),
    body: () => ({ body: pick(draw, 'body', ['html', 'json', 'empty'] as const) }),
    code: () => ({ code: pick(draw, 'code', [1000, 1001, 1006, 1011] as const) }),
    bytes: () => ({
      bytes: kind.startsWith('huge') ? 1 << 20 : pick(draw, 'bytes', [1, 16, 1_000, 20_000] as const),
    }),
    times: () => (kind.startsWith('deep') ? { times: 1_000 } : { times: 2 + draw('times', 20) }),
    right: () => ({ right: pick(draw, 'right', ['view', 'trade', 'transfer'] as const) }),
    side: () => ({ side: pick(draw, 'side', ['buy', 'sell'] as const) }),
    value: () => (kind.startsWith('odd-number') ? { value: pick(draw, 'odd number', oddNumbers) } : {}),
  };
  return Object.assign({}, ...parts.map((part) => drawn[part]?.() ?? {})) as Partial<Fault>;
}

const oddNumbers = ['NaN', '', '-0', '1e-7', '123456789012345678901234567890'] as const;

function pick<Item>(draw: Draw, key: string, items: readonly Item[]): Item {
  const item = items[draw(key, items.length)];
  if (item === undefined) throw refusal(key, 'something to draw from', 'nothing');
  return item;
}

function refusal(name: string, expected: string, got: unknown): VenueError {
  return new VenueError({
    code: 'invalid-options',
    operation: 'scenario',
    message: `${name}: expected ${expected}, got ${String(got)}`,
  });
}
