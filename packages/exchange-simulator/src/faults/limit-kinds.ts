import type { ActionEntry } from './fault-ground.ts';
import type { FaultPart, LimitFaultKind } from './fault-types.ts';

const quarter = 900;

/** What the venue can enforce or take away. */
export const limitKinds: Readonly<Record<LimitFaultKind, ActionEntry>> = {
  'limit-silence': {
    ...entry(['durationSeconds', 'address'], ['F14', 'F43']),
    defaultSeconds: quarter,
    what: 'level 1: requests on streams from the address are silently ignored, as if it had sent too many, for 15 minutes if nothing is said',
  },
  'limit-ban': {
    ...entry(['durationSeconds', 'address', 'status'], ['F3', 'F43']),
    defaultSeconds: quarter,
    what: 'level 2: streams from the address are cut, and new ones refused with `status`, 429 if left out, for 15 minutes if nothing is said',
    begin: cut,
  },
  'address-ban': {
    ...entry(['durationSeconds', 'address', 'status', 'body'], ['F3', 'F43']),
    defaultSeconds: quarter,
    what: 'the address is banned: its streams are cut, and everything is answered with `status`, 403 if left out, for 15 minutes if nothing is said',
    begin: cut,
  },
  'expired-key': {
    ...entry(['durationSeconds', 'key'], ['F39']),
    what: 'API keys have expired',
  },
  'lost-permission': {
    ...entry(['durationSeconds', 'key', 'right'], ['F39']),
    what: 'API keys have lost a right, that to trade if nothing is said',
  },
  'changed-ips': {
    ...entry(['durationSeconds', 'key', 'value'], ['F39']),
    what: 'API keys can be used from the address `value` only, from one that nobody has if left out',
  },
};

function entry(parts: readonly FaultPart[], makes: readonly string[]): Omit<ActionEntry, 'what'> {
  return { place: 'limits', parts, lasts: 'while', makes };
}

function cut({ streams }: Parameters<NonNullable<ActionEntry['begin']>>[0]): undefined {
  for (const stream of streams) stream.close(1006, '');
  return undefined;
}
