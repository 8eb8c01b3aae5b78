import { decimal, VenueError } from '@venuekit/connector-core';
import { nearestNames } from '../nearest-names.ts';
import { excerpt, isRecord } from '../recording/exact-json.ts';
import { shownBeside, shownValue } from '../shown-value.ts';
import { faultCatalogue, faultKinds } from './fault-catalogue.ts';
import { faultChannels, faultParts, partRules, partsOf } from './fault-parts.ts';
import type { Fault, FaultKind, FaultPart } from './fault-types.ts';

export { describeFaults, faultKinds } from './fault-catalogue.ts';
export type { Fault, FaultKind } from './fault-types.ts';

const channel = faultChannels.join('|');

const faultText = new RegExp(
  `^([a-z-]+)@(\\d+(?:\\.\\d+)?)(?:\\+(\\d+(?:\\.\\d+)?))?(?::(${channel})(?![^:,]))?(?::([^:,]+))?((?:,[a-z]+=[^,]*)*)$`,
);

/** Parts that have a place of their own in the text. */
const placed: readonly FaultPart[] = ['durationSeconds', 'channel', 'symbol'];

/**
 * Reads a fault written as `KIND@SECONDS`, with `+SECONDS`, `:CHANNEL` and `:SYMBOL` behind it where the kind has them, for example
 * `drop@3`, `silence@5+10` or `mute@5+10:depth:BTC/USDT`. Everything else that it has follows as `,NAME=VALUE`, such as
 * `http-error@3,path=/cash/order,status=502,count=2`; in values, `%2C` stands for a comma and `%25` for the sign itself.
 * @throws VenueError `invalid-options` for anything else.
 */
export function parseFault(text: string): Fault {
  const [, kind = '', at = '', duration, topic, symbol, named = ''] = faultText.exec(text) ?? [];
  if (kind === '') {
    throw refusal(`expected KIND@SECONDS or KIND@SECONDS+SECONDS such as drop@3, got ${shownValue(text)}`);
  }
  requireKind(kind);
  return checkFault({
    kind: kind as FaultKind,
    atSeconds: Number(at),
    ...(duration === undefined ? {} : { durationSeconds: Number(duration) }),
    ...(topic === undefined ? {} : { channel: topic }),
    ...(symbol === undefined ? {} : { symbol }),
    ...Object.fromEntries(
      named
        .split(',')
        .slice(1)
        .map((part) => readPart(kind, part)),
    ),
  } as Fault);
}

/** The text that {@link parseFault} reads as this fault. Numbers are written as decimals. */
export function formatFault(fault: Fault): string {
  const { kind, atSeconds, durationSeconds, channel: topic, symbol } = fault;
  const head = `${kind}@${written(atSeconds)}${durationSeconds === undefined ? '' : `+${written(durationSeconds)}`}`;
  const place = [topic, symbol].filter((part) => part !== undefined).map((part) => `:${part}`);
  const named = partsOf(fault)
    .filter(([part]) => !placed.includes(part))
    .map(([part, value]) => `,${part}=${written(value).replace(/[%,]/g, encodeURIComponent)}`);
  return [head, ...place, ...named].join('');
}

/** Without an exponent, which is not read. */
function written(value: string | number): string {
  return typeof value === 'number' ? decimal(`${value}`).toString() : value;
}

/**
 * The same fault, if it makes sense.
 * @throws VenueError `invalid-options` for what is no fault, an unknown kind, a time that is not a number from zero to 10^9, or a property
 * that the kind does not have or that is out of its range.
 */
export function checkFault(fault: Fault): Fault {
  if (!isRecord(fault)) throw refusal(`expected an object with kind and atSeconds, got ${shownValue(fault)}`);
  const { kind, atSeconds } = fault;
  requireKind(kind);
  const { expected, fits } = partRules.durationSeconds;
  if (!fits(atSeconds))
    throw refusal(`${kind}: expected atSeconds ${expected}, got ${shownBeside(atSeconds, 'number')}`);
  const unknown = Object.keys(fault).find((name) => !names.includes(name));
  if (unknown !== undefined) throw refusal(`${kind}: expected no ${excerpt(unknown)}; ${takenBy(kind)}`);
  for (const [part, value] of partsOf(fault)) checkPart(kind, part, value);
  return fault;
}

const names: readonly string[] = ['kind', 'atSeconds', ...faultParts];

/** Looks for a kind of the catalogue. @throws VenueError `invalid-options` for another one, naming the nearest. */
export function requireKind(kind: unknown): asserts kind is FaultKind {
  if (typeof kind === 'string' && Object.hasOwn(faultCatalogue, kind)) return;
  const nearest = typeof kind === 'string' ? nearestNames(kind, faultKinds) : [];
  const hint = nearest.length === 0 ? '' : `; the nearest: ${nearest.join(', ')}`;
  throw refusal(
    `expected a kind of fault, got ${shownBeside(kind, 'text')}${hint}; GET /kinds of the admin port and --help list all`,
  );
}

function checkPart(kind: FaultKind, part: FaultPart, value: unknown): void {
  const { parts, rules } = faultCatalogue[kind];
  const shown = shownBeside(value, partRules[part].type);
  if (!parts.includes(part)) throw refusal(`${kind}: expected no ${part}, got ${shown}; ${takenBy(kind)}`);
  const { expected, fits } = rules?.[part] ?? partRules[part];
  if (!fits(value)) throw refusal(`${kind}: expected ${part} ${expected}, got ${shown}`);
}

function takenBy(kind: FaultKind): string {
  const { parts } = faultCatalogue[kind];
  return parts.length === 0 ? 'it takes nothing but its time' : `it takes ${parts.join(', ')}`;
}

function readPart(kind: FaultKind, text: string): readonly [string, string | number] {
  const [, name = '', value = ''] = /^([a-z]+)=(.*)$/s.exec(text) ?? [];
  const part = faultParts.find((known) => known === name && !placed.includes(known));
  if (part !== undefined) return [part, partRules[part].read(decoded(value))];
  const named = faultCatalogue[kind].parts.filter((known) => !placed.includes(known));
  const list = named.length === 0 ? 'nothing behind a comma' : `NAME=VALUE with one of ${named.join(', ')}`;
  const isPlaced = placed.some((known) => known === name);
  const expected = isPlaced ? '+SECONDS, :CHANNEL and :SYMBOL in front of any comma' : list;
  throw refusal(`${kind}: expected ${expected}, got ${shownValue(text)}`);
}

function decoded(value: string): string {
  return value.replace(/%2C/gi, ',').replaceAll('%25', '%');
}

function refusal(message: string): VenueError {
  return new VenueError({ code: 'invalid-options', operation: 'fault', message });
}
