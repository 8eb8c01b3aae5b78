import { VenueError } from '@venuekit/connector-core';
import { faultCatalogue, faultKinds } from './fault-catalogue.ts';
import { faultChannels, faultParts, partRules, partsOf, partWord } from './fault-parts.ts';
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
    throw refusal(`expected KIND@SECONDS or KIND@SECONDS+SECONDS such as drop@3, got "${text}"`);
  }
  return checkFault({
    kind: kind as FaultKind,
    atSeconds: Number(at),
    ...(duration === undefined ? {} : { durationSeconds: Number(duration) }),
    ...(topic === undefined ? {} : { channel: topic }),
    ...(symbol === undefined ? {} : { symbol }),
    ...Object.fromEntries(named.split(',').slice(1).map(readPart)),
  } as Fault);
}

/** The text that {@link parseFault} reads as this fault. Numbers are written as decimals. */
export function formatFault(fault: Fault): string {
  const { kind, atSeconds, durationSeconds, channel: topic, symbol } = fault;
  const head = `${kind}@${atSeconds}${durationSeconds === undefined ? '' : `+${durationSeconds}`}`;
  const place = [topic, symbol].filter((part) => part !== undefined).map((part) => `:${part}`);
  const named = partsOf(fault)
    .filter(([part]) => !placed.includes(part))
    .map(([part, value]) => `,${part}=${`${value}`.replace(/[%,]/g, encodeURIComponent)}`);
  return [head, ...place, ...named].join('');
}

/**
 * The same fault, if it makes sense.
 * @throws VenueError `invalid-options` for an unknown kind, a time that is not a number from zero up, or a property that the kind does not
 * have or that is out of its range.
 */
export function checkFault(fault: Fault): Fault {
  const { kind, atSeconds } = fault;
  if (!Object.hasOwn(faultCatalogue, kind))
    throw refusal(`expected one of ${faultKinds.join(', ')}, got "${kind}"`);
  if (!partRules.durationSeconds.fits(atSeconds))
    throw refusal(`${kind}: expected atSeconds from 0 up, got ${atSeconds}`);
  const unknown = Object.keys(fault).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw refusal(`${kind}: expected no ${unknown}; a fault has ${faultParts.map(partWord).join(', ')}`);
  for (const [part, value] of partsOf(fault)) checkPart(kind, part, value);
  return fault;
}

const names: readonly string[] = ['kind', 'atSeconds', ...faultParts];

/** Kinds that may say how far something is behind. */
const signed: readonly FaultKind[] = ['clock-skew', 'clock-drift'];

function checkPart(kind: FaultKind, part: FaultPart, value: string | number): void {
  if (!faultCatalogue[kind].parts.includes(part)) {
    const having = faultKinds.filter((other) => faultCatalogue[other].parts.includes(part));
    throw refusal(`${kind}: expected no ${partWord(part)}, got ${value}; only ${having.join(', ')} have one`);
  }
  const { expected, fits } = partRules[part];
  const shown = typeof value === 'string' ? `"${value}"` : String(value);
  if (!fits(value)) throw refusal(`${kind}: expected ${part} ${expected}, got ${shown}`);
  if (part === 'seconds' && Number(value) < 0 && !signed.includes(kind))
    throw refusal(`${kind}: expected seconds from 0 up, got ${shown}`);
}

function readPart(text: string): readonly [string, string | number] {
  const [, name = '', value = ''] = /^([a-z]+)=(.*)$/s.exec(text) ?? [];
  const part = faultParts.find((known) => known === name && !placed.includes(known));
  if (part === undefined)
    throw refusal(
      `expected NAME=VALUE with one of ${faultParts.filter((known) => !placed.includes(known)).join(', ')}, got "${text}"`,
    );
  return [part, partRules[part].read(decoded(value))];
}

function decoded(value: string): string {
  return value.replace(/%2C/gi, ',').replaceAll('%25', '%');
}

function refusal(message: string): VenueError {
  return new VenueError({ code: 'invalid-options', operation: 'fault', message });
}
